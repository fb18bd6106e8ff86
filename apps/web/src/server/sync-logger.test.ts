import type { OperationEvent } from '@landfall/ingest'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'
import { createSyncLogger } from './sync-logger.ts'

const REQUEST_ID = 'drain-0193-correlation'
const OP_ID = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'
const principal = { kind: 'visitor', tenantId: 'tenant-a', clientId: '01933b1e-aaaa-7cc3-9f6d-1f2e3d4c5b6a' } as const
const NONE = { applied: 0, duplicate: 0, conflict: 0, rejected: 0, retry: 0 }

/** A log of one batch, and the lines that came out. */
function syncLog(level = 'info') {
  const text: string[] = []
  const parent = createLogger(level, { write: (line: string) => void text.push(line) })
  return {
    log: createSyncLogger(principal, REQUEST_ID, -250, parent),
    text: () => text.join(''),
    lines: () => text.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

const event = (changes: Partial<OperationEvent>): OperationEvent => ({
  requestId: REQUEST_ID,
  opId: OP_ID,
  entity: 'lead',
  action: 'insert',
  outcome: 'applied',
  path: 'alone',
  durationMs: 1,
  ...changes,
})

test('a batch is one line: how many, how long, how old, how far off the clock', () => {
  const { log, lines } = syncLog()
  log.onOperation(event({ queuedMs: 4_000.4 }))
  log.onOperation(event({ queuedMs: 90_000.2 }))
  const outcomes = { ...NONE, applied: 2 }
  log.onBatch({ requestId: REQUEST_ID, operations: 2, durationMs: 12.34, retries: 0, attemptErrors: [], outcomes })
  expect(lines()).toMatchObject([
    {
      msg: 'batch',
      requestId: REQUEST_ID,
      tenantId: 'tenant-a',
      actor: expect.stringMatching(/^visitor:[0-9a-f]{8}$/),
      operations: 2,
      applied: 2,
      rejected: 0,
      durationMs: 12.3,
      queuedMaxMs: 90_000,
      clockSkewMs: -250,
    },
  ])
})

test.each([
  [{ outcome: 'rejected', reason: 'invalid_values' }, 'operation rejected', 30],
  [{ outcome: 'conflict' }, 'operation conflict', 30],
  [{ spamReasons: ['decoy', 'too_fast'] }, 'operation quarantined', 30],
  [{ outcome: 'retry', error: new Error('no disk') }, 'operation failed', 50],
] as const)('an operation that somebody may ask about has a line of its own: %j', (changes, message, level) => {
  const { log, lines } = syncLog()
  log.onOperation(event(changes))
  expect(lines()).toMatchObject([
    { msg: message, level, requestId: REQUEST_ID, opId: OP_ID, outcome: expect.any(String) },
  ])
})

test('an operation that went as it should has a line at debug only', () => {
  const quiet = syncLog()
  quiet.log.onOperation(event({}))
  expect(quiet.lines()).toEqual([])
  const chatty = syncLog('debug')
  chatty.log.onOperation(event({}))
  expect(chatty.lines()).toMatchObject([{ msg: 'operation', requestId: REQUEST_ID }])
})

test('nothing that a person typed gets into a line, whatever the engine hands over', () => {
  const { log, text, lines } = syncLog('debug')
  const typed = 'ada@example.com'
  const careless = {
    opId: typed,
    payload: { values: { email: typed } },
    values: { email: typed },
    detail: `Not for a client to set: ${typed}`,
    fields: { [typed]: 'not_text' },
    error: Object.assign(new Error(`Failed query with ${typed}`), {
      query: 'INSERT',
      params: [typed],
      detail: typed,
      cause: Object.assign(new Error(`invalid input syntax for type uuid: "${typed}"`), { code: '22P02' }),
    }),
  }
  log.onOperation(event({ ...careless, outcome: 'retry' }))
  log.onOperation(event({ ...careless, outcome: 'rejected', reason: 'malformed', error: undefined }))
  log.onBatch({
    requestId: REQUEST_ID,
    operations: 2,
    durationMs: 1,
    retries: 1,
    attemptErrors: ['40P01'],
    outcomes: NONE,
    error: careless.error,
  })
  expect(lines()).toHaveLength(3)
  expect(lines().every((line) => line.requestId === REQUEST_ID)).toBe(true)
  expect(text()).not.toContain('ada@')
  expect(text()).not.toContain(principal.clientId)
})
