import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as z from 'zod'

export const fault = z.discriminatedUnion('kind', [
  /** The server is never asked. */
  z.object({ kind: z.literal('status'), status: z.int(), headers: z.record(z.string(), z.string()).optional() }),
  /** The connection breaks before the request arrives. */
  z.object({ kind: z.literal('unreachable') }),
  /** The server does its work, and the connection breaks before the answer arrives. */
  z.object({ kind: z.literal('answer-lost') }),
  /** The answer has a line more at its end, as the file of another build has. */
  z.object({ kind: z.literal('changed'), line: z.string() }),
])
export type Fault = z.output<typeof fault>

/** Faults for requests whose path begins so, the next `times` of them. */
const plan = z.object({ path: z.string(), times: z.int().min(1), fault })
export type FaultPlan = z.output<typeof plan>

export interface FaultProxy {
  port: number
  /** Address that takes plans: POST adds one, DELETE forgets all, or those of `?path=`, GET tells how many requests a path had. */
  controlUrl: string
  stop(): Promise<void>
}

/** Stands between browser and app, and breaks what it is told to break. Everything else passes as it is. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let plans: FaultPlan[] = []
  let seen: string[] = []

  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    seen.push(`${incoming.method} ${path.split('?')[0]}`)
    const planned = plans.find((candidate) => path.startsWith(candidate.path))
    if (planned) {
      planned.times -= 1
      if (planned.times === 0) plans = plans.filter((candidate) => candidate !== planned)
    }
    if (planned?.fault.kind === 'unreachable') return void incoming.socket.destroy()
    if (planned?.fault.kind === 'status') {
      incoming.resume()
      outgoing.writeHead(planned.fault.status, { 'content-type': 'application/json', ...planned.fault.headers })
      return void outgoing.end('{"title":"A fault of the test"}')
    }
    forward(incoming, outgoing, targetPort, planned?.fault)
  })

  const control = createServer(async (incoming, outgoing) => {
    if (incoming.method === 'DELETE') {
      const path = new URL(incoming.url ?? '/', 'http://control').searchParams.get('path')
      plans = path === null ? [] : plans.filter((candidate) => candidate.path !== path)
      seen = []
    }
    if (incoming.method === 'POST') plans.push(plan.parse(JSON.parse(await readText(incoming))))
    outgoing.end(JSON.stringify(seen))
  })

  const port = await listen(proxy)
  const controlPort = await listen(control)
  return {
    port,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    async stop() {
      for (const server of [proxy, control]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number, fault: Fault | undefined): void {
  const { method, url } = incoming
  const isChanged = fault?.kind === 'changed'
  // A changed text must arrive, and as text: no "not modified", no compression.
  const { 'if-none-match': _etag, 'if-modified-since': _since, ...unconditional } = incoming.headers
  const headers = isChanged ? { ...unconditional, 'accept-encoding': 'identity' } : incoming.headers
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    if (fault?.kind === 'answer-lost') {
      // Only when the whole answer is there has the server committed.
      answer.resume()
      answer.once('end', () => incoming.socket.destroy())
      return
    }
    const { 'content-length': _length, ...rest } = answer.headers
    outgoing.writeHead(answer.statusCode ?? 502, isChanged ? rest : answer.headers)
    answer.pipe(outgoing, { end: !isChanged })
    if (isChanged) answer.once('end', () => outgoing.end(`\n${fault.line}\n`))
  })
  onward.once('error', () => outgoing.destroy())
  outgoing.once('close', () => onward.destroy())
  incoming.pipe(onward)
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += chunk
  return text
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
