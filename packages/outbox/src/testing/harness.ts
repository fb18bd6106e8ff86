import 'fake-indexeddb/auto'
import { type BatchEnvelope, CORRELATION_HEADER, type OperationResult, type QueueEntryView } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import type { NewEntry } from '../entry/entry.ts'
import { Outbox, type OutboxOptions } from '../outbox.ts'
import { someWrite } from './some-write.ts'

/** What the network does with the next request. */
export type Weather =
  | { kind: 'fine' }
  | { kind: 'offline' }
  /** The server commits, and its answer never comes. */
  | { kind: 'answer-lost' }
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }

/** A server with the ledger's behaviour in memory, behind a network that misbehaves on demand. */
export class FakeServer {
  readonly requests: BatchEnvelope[] = []
  readonly correlationIds: (string | null)[] = []
  readonly applied = new Map<string, OperationResult>()
  weather: Weather[] = []
  /** Decides about single operations; undefined applies. */
  judge: (opId: string, payload: Record<string, unknown>) => OperationResult | undefined = () => undefined

  /** Requests that carried nothing, to find out whether there is a way. */
  probes = 0

  readonly fetch: typeof fetch = async (_input, init) => {
    if (init?.method === 'HEAD') return this.#answerProbe()
    const now = this.weather.shift() ?? { kind: 'fine' }
    if (now.kind === 'offline') throw new TypeError('Failed to fetch')
    const envelope = JSON.parse(String(init?.body)) as BatchEnvelope
    this.requests.push(envelope)
    this.correlationIds.push(new Headers(init?.headers).get(CORRELATION_HEADER))
    if (now.kind === 'status') {
      return new Response(now.body ?? '{"title":"Not now"}', { status: now.status, headers: now.headers })
    }
    const results = envelope.operations.map((operation): OperationResult => {
      const first = this.applied.get(operation.opId)
      if (first) return { ...first, outcome: 'duplicate' } as OperationResult
      const verdict = this.judge(operation.opId, operation.payload)
      if (verdict) return verdict
      const result: OperationResult = { opId: operation.opId, outcome: 'applied', txid: 7, version: 1 }
      this.applied.set(operation.opId, result)
      return result
    })
    if (now.kind === 'answer-lost') throw new TypeError('Failed to fetch')
    return Response.json({ protocol: 1, requestId: 'r', serverTime: new Date(0).toISOString(), results })
  }

  /** A probe leaves the weather as it is, for the request that follows. */
  #answerProbe(): Response {
    this.probes += 1
    if (this.weather[0]?.kind === 'offline') throw new TypeError('Failed to fetch')
    return new Response(null, { status: 405 })
  }
}

export interface Harness {
  server: FakeServer
  clock: { nowMs: number }
  /** Another tab or a restart: the same device, a new object. */
  open(options?: Partial<OutboxOptions>): Outbox
  /** Puts writes into the queue while there is no network, and waits for the attempt that this starts by itself. */
  enqueueOffline(outbox: Outbox, ...writes: NewEntry[]): Promise<QueueEntryView[]>
  queue: string
}

/** A device of its own with a clock that moves only when told, and jitter at its largest. */
export function createHarness(): Harness {
  const server = new FakeServer()
  const clock = { nowMs: Date.UTC(2026, 0, 1) }
  const queue = uuidv7()
  return {
    server,
    clock,
    queue,
    open: (options) =>
      new Outbox({
        queue,
        tenantId: queue,
        kind: 'visitor',
        endpoint: '/api/sync/batch',
        fetch: server.fetch,
        now: () => clock.nowMs,
        random: () => 1,
        ...options,
      }),
    async enqueueOffline(outbox, ...writes) {
      server.weather = [{ kind: 'offline' }]
      const views = await outbox.enqueue(...writes)
      await outbox.flush()
      server.weather = []
      return views
    },
  }
}

export const someLead = someWrite
