import * as fc from 'fast-check'

/** What the network does with one request. Times are milliseconds. */
export type Weather =
  | { kind: 'fine'; latencyMs: number }
  | { kind: 'offline' }
  /** Gone on its way; told after a while. */
  | { kind: 'request-lost'; latencyMs: number }
  /** The server commits, and the connection breaks before the answer. */
  | { kind: 'answer-lost'; latencyMs: number }
  /** The server commits, and nobody ever hears of it. */
  | { kind: 'answer-hangs' }
  /** The device gives up, and the request arrives much later all the same. */
  | { kind: 'arrives-late'; lateMs: number }
  | { kind: 'truncated'; latencyMs: number }
  /** Answered on the way with somebody's page or JSON; the server is never asked. */
  | { kind: 'answered-elsewhere'; body: string }
  | { kind: 'redirected' }
  | { kind: 'status'; status: number; retryAfter: string | null }
  /** The server takes some operations and puts the others off. */
  | { kind: 'puts-off'; every: number; retryAfterMs: number }

const FOREIGN_BODIES = [
  '<!doctype html><title>Sign in to the train</title>',
  '',
  'null',
  '{"ok":true}',
  '[]',
  '{"protocol":1,"requestId":"r","serverTime":"2026-01-01T00:00:00Z","results":[]}',
]

export const STATUSES = [400, 401, 403, 404, 408, 409, 413, 425, 429, 500, 502, 503, 504] as const

const latencyMs = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 60_000 }))

const retryAfter = fc.constantFrom(
  null,
  null,
  '0',
  '1',
  '30',
  '3000',
  '999999999',
  '-5',
  'soon',
  'Wed, 21 Oct 2099 07:28:00 GMT',
)

export const fineWeather = fc.record({ kind: fc.constant('fine' as const), latencyMs })

/** Every fault of the list, in equal parts with good luck. */
export const anyWeather: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 4, arbitrary: fineWeather },
  { weight: 2, arbitrary: fc.constant({ kind: 'offline' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('request-lost' as const), latencyMs }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer-lost' as const), latencyMs }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'answer-hangs' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('arrives-late' as const), lateMs: fc.integer({ min: 1, max: 600_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncated' as const), latencyMs }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answered-elsewhere' as const),
      body: fc.constantFrom(...FOREIGN_BODIES),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'redirected' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(...STATUSES),
      retryAfter,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('puts-off' as const),
      every: fc.integer({ min: 1, max: 3 }),
      retryAfterMs: fc.constantFrom(0, 1_000, 30_000, 90_000_000),
    }),
  },
)
