import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { exchange, readBody, type WholeAnswer } from './exchange.ts'
import type { Fault, FaultPlan } from './fault.ts'
import { listen } from './listen.ts'

export interface FaultProxy {
  port: number
  plan(plan: FaultPlan): void
  /** Forgets all plans, or those of this path, and breaks what is held. */
  clear(path?: string): void
  /** `METHOD /path` of every request since the last clear. */
  requests(): string[]
  /** How many requests stand still. */
  held(): number
  /** Lets what is held go on, or breaks its connection: held before the server, it never arrives. */
  release(how: 'go-on' | 'break'): void
  stop(): Promise<void>
}

/** Stands between browser and app, and breaks what it is told to break. Everything else passes as it is. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let plans: FaultPlan[] = []
  let seen: string[] = []
  const held = new Set<(how: 'go-on' | 'break') => void>()
  const hold = () =>
    new Promise<'go-on' | 'break'>((resolve) => {
      const release = (how: 'go-on' | 'break') => {
        held.delete(release)
        resolve(how)
      }
      held.add(release)
    })
  const release = (how: 'go-on' | 'break') => {
    for (const one of [...held]) one(how)
  }

  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    seen.push(`${incoming.method} ${path.split('?')[0]}`)
    const planned = plans.find((candidate) => path.startsWith(candidate.path))
    if (planned) {
      planned.times -= 1
      if (planned.times === 0) plans = plans.filter((candidate) => candidate !== planned)
    }
    // A connection that broke on either side is an answer that nobody gets.
    answer(incoming, outgoing, targetPort, planned?.fault, hold).catch(() => incoming.socket.destroy())
  })

  return {
    port: await listen(server),
    plan: (plan) => void plans.push({ ...plan }),
    clear(path) {
      plans = path === undefined ? [] : plans.filter((candidate) => candidate.path !== path)
      seen = []
      release('break')
    },
    requests: () => [...seen],
    held: () => held.size,
    release,
    async stop() {
      release('break')
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  fault: Fault | undefined,
  hold: () => Promise<'go-on' | 'break'>,
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
    case 'changed':
      return pass(incoming, outgoing, port, fault?.line)
    case 'unreachable':
      return void incoming.socket.destroy()
    case 'status':
      incoming.resume()
      outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      return void outgoing.end('{"title":"A fault of the test"}')
    case 'portal':
      incoming.resume()
      outgoing.writeHead(200, { 'content-type': 'text/html' })
      return void outgoing.end(fault.body)
    case 'answer-lost':
      // Only when the whole answer is there has the server committed.
      await exchange(incoming, await readBody(incoming), port)
      return void incoming.socket.destroy()
    case 'truncated': {
      const whole = await exchange(incoming, await readBody(incoming), port)
      return send(outgoing, { ...whole, body: whole.body.subarray(0, whole.body.length / 2) })
    }
    case 'hold': {
      const body = await readBody(incoming)
      if (fault.at === 'before' && (await hold()) === 'break') return void incoming.socket.destroy()
      const whole = await exchange(incoming, body, port)
      if (fault.at === 'after' && (await hold()) === 'break') return void incoming.socket.destroy()
      return send(outgoing, whole)
    }
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: WholeAnswer): void {
  const { 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = headers
  outgoing.writeHead(status, { ...rest, 'content-length': body.length })
  outgoing.end(body)
}

/** Through as it comes, both ways; `line` is put at the end of the answer. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, port: number, line: string | undefined): void {
  const { method, url } = incoming
  const isChanged = line !== undefined
  // A changed text must arrive, and as text: no "not modified", no compression.
  const { 'if-none-match': _etag, 'if-modified-since': _since, ...unconditional } = incoming.headers
  const headers = isChanged ? { ...unconditional, 'accept-encoding': 'identity' } : incoming.headers
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answered) => {
    const { 'content-length': _length, ...rest } = answered.headers
    outgoing.writeHead(answered.statusCode ?? 502, isChanged ? rest : answered.headers)
    answered.pipe(outgoing, { end: !isChanged })
    if (isChanged) answered.once('end', () => outgoing.end(`\n${line}\n`))
  })
  onward.once('error', () => outgoing.destroy())
  outgoing.once('close', () => onward.destroy())
  incoming.pipe(onward)
}
