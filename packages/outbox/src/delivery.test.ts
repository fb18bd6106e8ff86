import { LIMITS } from '@landfall/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BACKOFF_CAP_MS } from './delivery/backoff.ts'
import { drainAll } from './drain-all.ts'
import type { NewEntry } from './entry/entry.ts'
import { requeue, startSending } from './entry/transitions.ts'
import type { Outbox } from './outbox.ts'
import { EntryStore } from './store/entry-store.ts'
import { storeName } from './store/open-store.ts'
import { listQueues } from './store/queue-directory.ts'
import { createHarness, type Harness, someLead } from './testing/harness.ts'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(() => outbox.close())

const enqueueOffline = (...writes: NewEntry[]) => device.enqueueOffline(outbox, ...writes)

const statesOf = async (box: Outbox) => {
  await box.flush()
  return box.getEntries().map((entry) => entry.state)
}

describe('an entry leaves the queue only on an answer for it', () => {
  test('keeps a lead through a dead network, and delivers it when there is one', async () => {
    const [lead] = await enqueueOffline(someLead())
    expect(outbox.getEntries()).toMatchObject([{ state: 'queued', attempts: 1 }])
    await outbox.flush({ urgency: 'now' })
    expect(device.server.applied.has(lead?.opId ?? '')).toBe(true)
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered', txid: 7 }])
  })

  test('keeps a lead whose response was lost, and takes the duplicate for delivered', async () => {
    device.server.weather = [{ kind: 'answer-lost' }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    expect(outbox.getEntries()).toMatchObject([{ state: 'queued' }])
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered' }])
    expect(device.server.applied.size).toBe(1)
  })

  test.each([400, 401, 403, 404, 408, 425, 429, 500, 502, 503])('keeps it on HTTP %i', async (status) => {
    device.server.weather = [{ kind: 'status', status }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    expect(outbox.getEntries()).toMatchObject([{ state: 'queued' }])
    expect(outbox.getState()).toMatchObject({ pending: 1, problem: { status, message: 'Not now' } })
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getState()).toMatchObject({ pending: 0, problem: null })
  })

  test.each([
    ['<html>Sign in to the train</html>', 'a captive portal'],
    ['{"results":[]}', 'an answer of another protocol'],
    ['{"protocol":1,"requestId":"r","serverTime":"2026-01-01T00:00:00Z","results":[]}', 'an answer for nothing'],
    ['{"protocol":1,"requestId"', 'an answer cut short'],
  ])('takes %s with status 200 for no answer', async (body) => {
    device.server.weather = [{ kind: 'status', status: 200, body }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    expect(outbox.getEntries()).toMatchObject([{ state: 'queued' }])
  })

  test('makes a rejected one a dead letter with its reason, and keeps what was written', async () => {
    device.server.judge = (opId) => ({
      opId,
      outcome: 'rejected',
      reason: 'invalid_values',
      fields: { email: 'not_an_email' },
    })
    const [lead] = await outbox.enqueue(someLead('Grace'))
    await outbox.flush()
    expect(outbox.getEntries()).toMatchObject([{ state: 'dead', reason: 'invalid_values' }])
    expect(await outbox.payloadOf(lead?.opId ?? '')).toEqual({ values: { name: 'Grace' } })
    expect(outbox.getState()).toMatchObject({ pending: 0, dead: 1 })
  })

  test('sends a corrected dead letter as a new operation on the same row', async () => {
    device.server.judge = (opId, payload) =>
      (payload.values as { name: string }).name === 'bad'
        ? { opId, outcome: 'rejected', reason: 'malformed' }
        : undefined
    const [lead] = await outbox.enqueue(someLead('bad'))
    await outbox.flush()
    await outbox.resend(lead?.opId ?? '', { values: { name: 'good' } })
    await outbox.flush()
    const [entry] = outbox.getEntries()
    expect(entry).toMatchObject({ state: 'delivered', entityId: lead?.entityId })
    expect(entry?.opId).not.toBe(lead?.opId)
  })

  test('sends a dead letter once, however often it is asked to', async () => {
    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
    const [lead] = await outbox.enqueue(someLead())
    await outbox.flush()
    device.server.judge = () => undefined
    await Promise.all([outbox.resend(lead?.opId ?? ''), outbox.resend(lead?.opId ?? '')])
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries().map((entry) => entry.state)).toEqual(['delivered'])
  })

  test('keeps a dead letter whose correction cannot be stored', async () => {
    device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
    const [lead] = await outbox.enqueue(someLead())
    await outbox.flush()
    const unstorable = { values: () => 'a function is no data' }
    await expect(outbox.resend(lead?.opId ?? '', unstorable)).rejects.toMatchObject({ name: 'OutboxUnavailableError' })
    expect(await outbox.readEntries()).toMatchObject([{ opId: lead?.opId, state: 'dead' }])
  })

  test('leaves a delivered one alone when a slower drainer gives up on it', async () => {
    await outbox.enqueue(someLead())
    await outbox.flush()
    const store = new EntryStore(device.queue)
    const { entries = [] } = await store.snapshot()
    await store.update([entries[0]?.opId ?? ''], (one) => requeue(one, 'late', device.clock.nowMs))
    expect(await outbox.readEntries()).toMatchObject([{ state: 'delivered' }])
    await store.close()
  })

  test('forgets the payload of a delivered one', async () => {
    const [lead] = await outbox.enqueue(someLead())
    await outbox.flush()
    expect(await outbox.payloadOf(lead?.opId ?? '')).toBeNull()
  })

  test('discards only a dead letter', async () => {
    const [lead] = await enqueueOffline(someLead())
    await outbox.discard(lead?.opId ?? '')
    expect(outbox.getEntries()).toHaveLength(1)
  })
})

describe('waiting', () => {
  test('backs off with growing delays, and not at all when told to go', async () => {
    device.server.weather = [{ kind: 'offline' }, { kind: 'offline' }, { kind: 'offline' }]
    await outbox.enqueue(someLead())
    expect(await outbox.flush()).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 2_000 })
    device.clock.nowMs += 2_000
    expect(await outbox.flush()).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 4_000 })
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 8_000 })
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
  })

  test('obeys Retry-After in seconds and as a date', async () => {
    const date = new Date(device.clock.nowMs + 90_000).toUTCString()
    device.server.weather = [
      { kind: 'status', status: 503, headers: { 'retry-after': '120' } },
      { kind: 'status', status: 429, headers: { 'retry-after': date } },
    ]
    await outbox.enqueue(someLead())
    expect(await outbox.flush()).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 120_000 })
    expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 90_000 })
  })

  test('a page that is opened again tries at once, but not before the server said', async () => {
    device.server.weather = [{ kind: 'offline' }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    expect(await device.open().flush({ urgency: 'eager' })).toEqual({ kind: 'empty' })

    device.server.weather = [{ kind: 'status', status: 503, headers: { 'retry-after': '60' } }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    const untilMs = device.clock.nowMs + 60_000
    expect(await device.open().flush({ urgency: 'eager' })).toEqual({ kind: 'waiting', untilMs })
    expect(await device.open().flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
  })

  test('is not stuck by a clock that was put back', async () => {
    await enqueueOffline(someLead())
    device.clock.nowMs -= 365 * 24 * 60 * 60 * 1_000
    expect(await outbox.flush()).toEqual({ kind: 'empty' })
  })

  test('does not ask again at once for ever, nor puts off for years, whatever the server says', async () => {
    for (const retryAfterMs of [0, 10 * 365 * 24 * 60 * 60 * 1_000]) {
      device.server.requests.length = 0
      device.server.judge = (opId) => ({ opId, outcome: 'retry', retryAfterMs })
      await outbox.enqueue(someLead())
      await outbox.flush({ urgency: 'now' })
      expect(device.server.requests.length).toBeLessThanOrEqual(2)
    }
  })

  test('holds one operation back as the server asks, and sends the others', async () => {
    const leads = [someLead('wait'), someLead('go')]
    device.server.judge = (opId, payload) =>
      (payload.values as { name: string }).name === 'wait'
        ? { opId, outcome: 'retry', retryAfterMs: 30_000 }
        : undefined
    await outbox.enqueue(...leads)
    expect(await outbox.flush()).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 30_000 })
    expect(outbox.getEntries().map((entry) => entry.state)).toEqual(['queued', 'delivered'])
    device.server.judge = () => undefined
    device.clock.nowMs += 30_000
    expect(await outbox.flush()).toEqual({ kind: 'empty' })
  })
})

describe('batches', () => {
  test('send the oldest first, a hundred at most', async () => {
    const leads = Array.from({ length: 250 }, (_, index) => someLead(String(index)))
    await enqueueOffline(...leads)
    device.server.requests.length = 0
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.map((request) => request.operations.length)).toEqual([100, 100, 50])
    const sent = device.server.requests.flatMap((request) => request.operations.map((operation) => operation.entityId))
    expect(sent).toEqual(leads.map((lead) => lead.entityId))
  })

  test('stay below the size limit', async () => {
    const leads = Array.from({ length: 12 }, () => someLead('x'.repeat(60_000)))
    await enqueueOffline(...leads)
    device.server.requests.length = 0
    await outbox.flush({ urgency: 'now' })
    for (const request of device.server.requests) {
      expect(JSON.stringify(request).length).toBeLessThanOrEqual(LIMITS.batchBytes)
    }
    expect(device.server.applied.size).toBe(12)
  })

  test('do not tear a group', async () => {
    const groupId = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'
    const group = Array.from({ length: 60 }, () => ({ ...someLead(), groupId }))
    await enqueueOffline(...Array.from({ length: 60 }, () => someLead()), ...group)
    device.server.requests.length = 0
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.map((request) => request.operations.length)).toEqual([60, 60])
    const tooLarge = Array.from({ length: 101 }, () => ({ ...someLead(), groupId }))
    await expect(outbox.enqueue(...tooLarge)).rejects.toThrow(RangeError)
  })

  test('go on past one that no server takes for its size, which a person is shown', async () => {
    const [large] = await enqueueOffline(someLead('x'.repeat(LIMITS.payloadBytes)), someLead('small'))
    device.server.weather = [
      { kind: 'status', status: 413 },
      { kind: 'status', status: 413 },
    ]
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries()).toMatchObject([{ state: 'dead', reason: 'too_large' }, { state: 'delivered' }])
    await outbox.discard(large?.opId ?? '')
    expect(await outbox.readEntries()).toHaveLength(1)
  })

  test('hold a small one that something on the way calls too large, and let it live', async () => {
    await enqueueOffline(someLead('small'))
    device.server.weather = [{ kind: 'status', status: 413 }]
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries()).toMatchObject([{ state: 'queued' }])
    expect(outbox.getState()).toMatchObject({ dead: 0, problem: { status: 413 } })
    await outbox.flush({ urgency: 'now' })
    expect(outbox.getEntries()).toMatchObject([{ state: 'delivered' }])
  })

  test('are not tried one by one for ever on a way that takes nothing, however small', async () => {
    await enqueueOffline(...Array.from({ length: 120 }, () => someLead()))
    let asked = 0
    const other = device.open({
      fetch: async () => {
        asked += 1
        return new Response('{}', { status: 413 })
      },
    })
    await other.flush({ urgency: 'now' })
    expect(asked).toBeLessThan(80)
    expect(other.getState()).toMatchObject({ pending: 120, dead: 0, problem: { status: 413 } })
    expect(other.getState().nextAttemptAtMs).toBe(device.clock.nowMs + BACKOFF_CAP_MS)
    await other.close()
  })

  test('are halved when the server finds them too large', async () => {
    await enqueueOffline(...Array.from({ length: 8 }, () => someLead()))
    device.server.requests.length = 0
    device.server.weather = [
      { kind: 'status', status: 413 },
      { kind: 'status', status: 413 },
    ]
    await outbox.flush({ urgency: 'now' })
    expect(device.server.requests.map((request) => request.operations.length)).toEqual([8, 4, 2, 2, 2, 2])
  })
})

describe('tabs and restarts', () => {
  test('two tabs that flush at once send each lead once', async () => {
    await enqueueOffline(...Array.from({ length: 5 }, () => someLead()))
    device.server.requests.length = 0
    const other = device.open()
    await Promise.all([outbox.flush({ urgency: 'now' }), other.flush({ urgency: 'now' })])
    expect(device.server.requests).toHaveLength(1)
    await other.close()
  })

  test('a new tab finds what a dead drainer left in sending, and sends it', async () => {
    await enqueueOffline(someLead())
    // As a crash leaves it: marked, and nobody holds the lock.
    const store = new EntryStore(device.queue)
    const [entry] = await store.undelivered()
    await store.update([entry?.opId ?? ''], (one) => startSending(one, device.clock.nowMs, 'of-the-dead'))
    await store.close()
    const heir = device.open()
    await heir.flush({ urgency: 'now' })
    expect(device.server.applied.size).toBe(1)
    await heir.close()
  })

  test('what a dead drainer left in sending is told as waiting, once a drain has found it not due', async () => {
    device.server.judge = (opId) => ({ opId, outcome: 'retry', retryAfterMs: 60_000 })
    const [lead] = await outbox.enqueue(someLead())
    await outbox.flush()
    const dead = new EntryStore(device.queue, { now: () => device.clock.nowMs })
    const mark = { sinceMs: device.clock.nowMs, correlationId: 'c'.repeat(8) }
    await dead.markSending(await dead.undelivered(), mark, false)
    await dead.close()
    const tab = device.open()
    expect(await tab.flush()).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 60_000 })
    expect(tab.getEntries()).toMatchObject([{ opId: lead?.opId, state: 'queued' }])
    expect(tab.getState()).toMatchObject({ isSyncing: false, pending: 1 })
    await tab.close()
  })

  test('a device is the same in every tab', async () => {
    const other = device.open()
    const [one, two] = await Promise.all([outbox.identity(), other.identity()])
    expect(one).toEqual(two)
    expect(one.key).toHaveLength(43)
    await other.close()
  })

  test('a queue that is wiped is gone, also for another tab that has it open', async () => {
    await enqueueOffline(someLead())
    const other = device.open()
    expect(await other.readEntries()).toHaveLength(1)
    await outbox.wipe()
    expect(await other.readEntries()).toEqual([])
    await other.close()
    await expect(outbox.enqueue(someLead())).rejects.toMatchObject({ name: 'OutboxUnavailableError' })
  })

  test('a queue that is wiped is not made anew by a service worker that waited to drain it', async () => {
    await enqueueOffline(someLead())
    await vi.waitFor(async () => expect(await listQueues()).toContainEqual(outbox.queue))
    await Promise.all([outbox.wipe(), drainAll({ only: device.queue, fetch: device.server.fetch })])
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).not.toContain(storeName(device.queue))
  })

  test('entries survive the page', async () => {
    await enqueueOffline(someLead())
    await outbox.close()
    outbox = device.open()
    expect(await statesOf(outbox)).toEqual(['queued'])
  })
})

test('an operation that is queued twice with one id is one entry', async () => {
  device.server.weather = [{ kind: 'offline' }, { kind: 'offline' }]
  const lead = { ...someLead(), opId: '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a' }
  await outbox.enqueue(lead)
  await outbox.enqueue({ ...lead, payload: { values: { name: 'again' } } })
  await outbox.flush()
  expect(outbox.getEntries()).toHaveLength(1)
  expect(await outbox.payloadOf(lead.opId)).toEqual({ values: { name: 'Ada' } })
})

test('all writes of one call are saved, or none', async () => {
  const unstorable = { ...someLead(), payload: { values: () => 'a function is no data' } }
  await expect(outbox.enqueue(someLead(), unstorable)).rejects.toMatchObject({ name: 'OutboxUnavailableError' })
  expect(await outbox.readEntries()).toEqual([])
})

test('a connection that the browser ended without a word is opened again', async () => {
  await outbox.readEntries()
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  await expect(outbox.enqueue(someLead())).resolves.toHaveLength(1)
  transaction.mockRestore()
})

test('a browser that stores nothing says so instead of pretending', async () => {
  const { indexedDB } = globalThis
  Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: undefined })
  try {
    await expect(outbox.enqueue(someLead())).rejects.toMatchObject({ name: 'OutboxUnavailableError' })
  } finally {
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: indexedDB })
  }
})
