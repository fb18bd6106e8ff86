import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from './listen.ts'

export type Script = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** Takes the place of the live updates, and answers by the script of a test. */
export interface ScriptedElectric {
  url: string
  /** Requests since the script was set, open or not. */
  requests: { url: URL; isClosed: boolean }[]
  play(script: Script): void
  stop(): Promise<void>
}

/** Headers of every answer of the protocol. */
export const PROTOCOL_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'public, max-age=604800',
  'electric-handle': 'h-1',
  'electric-offset': '0_0',
  'electric-schema': '{}',
  'electric-cursor': '1',
}

export async function startScriptedElectric(): Promise<ScriptedElectric> {
  let script: Script = (_, outgoing) => outgoing.writeHead(500).end()
  const server = createServer((incoming, outgoing) => {
    const request = { url: new URL(incoming.url ?? '/', 'http://electric'), isClosed: false }
    electric.requests.push(request)
    outgoing.once('close', () => {
      request.isClosed = true
    })
    script(incoming, outgoing)
  })
  const port = await listen(server)
  const electric: ScriptedElectric = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    play(next) {
      script = next
      electric.requests.length = 0
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return electric
}
