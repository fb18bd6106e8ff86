import { createServer } from 'node:http'
import { readBody } from './exchange.ts'
import { faultPlan } from './fault.ts'
import type { FaultProxy } from './fault-proxy.ts'
import { listen } from './listen.ts'

export interface FaultControl {
  url: string
  stop(): Promise<void>
}

/**
 * The proxy's handles for other processes: POST adds a plan, DELETE clears all or `?path=`, GET tells the requests; PUT
 * `?release=go-on|break` lets go of what is held, and tells how many stood still.
 */
export async function startFaultControl(proxy: FaultProxy): Promise<FaultControl> {
  const server = createServer(async (incoming, outgoing) => {
    const query = new URL(incoming.url ?? '/', 'http://control').searchParams
    switch (incoming.method) {
      case 'POST':
        proxy.plan(faultPlan.parse(JSON.parse((await readBody(incoming)).toString())))
        break
      case 'DELETE':
        proxy.clear(query.get('path') ?? undefined)
        break
      case 'PUT': {
        const count = proxy.held()
        const how = query.get('release')
        if (how === 'go-on' || how === 'break') proxy.release(how)
        return void outgoing.end(JSON.stringify(count))
      }
    }
    outgoing.end(JSON.stringify(proxy.requests()))
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
