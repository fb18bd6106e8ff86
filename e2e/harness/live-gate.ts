import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listen } from './listen.ts'

/** Stands before the live updates of one site. `open` passes, `down` refuses, `silent` takes requests and never answers. */
export interface LiveGate {
  url: string
  set(state: 'open' | 'down' | 'silent'): void
  stop(): Promise<void>
}

export async function startLiveGate(electricUrl: string): Promise<LiveGate> {
  let state: 'open' | 'down' | 'silent' = 'open'
  const server = createServer((incoming, outgoing) => {
    switch (state) {
      case 'down':
        return void incoming.socket.destroy()
      case 'silent':
        return
      case 'open':
        return pass(incoming, outgoing, electricUrl)
    }
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    set(next) {
      state = next
      // Whoever waits finds out, as when a process dies; silence is not noticed by anybody.
      if (next !== 'silent') server.closeAllConnections()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, electricUrl: string): void {
  const { method, headers, url = '/' } = incoming
  const onward = request(new URL(url, electricUrl), { method, headers }, (answered) => {
    outgoing.writeHead(answered.statusCode ?? 502, answered.headers)
    answered.pipe(outgoing)
  })
  onward.once('error', () => outgoing.destroy())
  outgoing.once('close', () => onward.destroy())
  incoming.pipe(onward)
}
