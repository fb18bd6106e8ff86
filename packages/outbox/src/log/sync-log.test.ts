import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Outbox } from '../outbox.ts'
import { createHarness, type Harness, someLead } from '../testing/harness.ts'
import { withRawStore } from '../testing/raw-store.ts'
import type { SyncEvent } from './sync-event.ts'

let device: Harness
let events: SyncEvent[]
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  events = []
  outbox = device.open({ onEvent: (event) => events.push(event) })
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await outbox.close()
})

test('tells each step of a lead, with the id that the server’s logs have too', async () => {
  device.server.weather = [{ kind: 'status', status: 503 }]
  await outbox.enqueue(someLead('Grace'))
  await outbox.flush()
  await outbox.flush({ urgency: 'now' })
  const [first, second] = device.server.correlationIds
  expect(first).toMatch(/^[A-Za-z0-9._-]{8,64}$/)
  expect(second).not.toBe(first)
  const lines = await outbox.readLog()
  expect(lines).toMatchObject([
    { kind: 'enqueued', count: 1, atMs: device.clock.nowMs },
    { kind: 'sent', correlationId: first, count: 1 },
    { kind: 'gave-back', correlationId: first, status: 503, count: 1 },
    { kind: 'sent', correlationId: second },
    { kind: 'answered', correlationId: second, outcomes: { applied: 1 } },
    { kind: 'key-shredded' },
  ])
  expect(events).toEqual(lines)
  expect(JSON.stringify(lines)).not.toContain('Grace')
})

test('tells of a death, and of what a person made of it', async () => {
  device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
  const [lead] = await outbox.enqueue(someLead())
  await outbox.flush()
  const again = await outbox.resend(lead?.opId ?? '')
  await outbox.flush({ urgency: 'now' })
  await outbox.discard(again?.opId ?? '')
  const told = (await outbox.readLog()).filter(({ kind }) => ['dead', 'resent', 'discarded'].includes(kind))
  expect(told).toMatchObject([
    { kind: 'dead', opId: lead?.opId, reason: 'malformed', correlationId: device.server.correlationIds[0] },
    { kind: 'resent', opId: lead?.opId, asOpId: again?.opId },
    { kind: 'dead', opId: again?.opId, correlationId: device.server.correlationIds[1] },
    { kind: 'discarded', opId: again?.opId },
  ])
})

test('holds two hundred lines, the newest', async () => {
  device.server.weather = Array.from({ length: 300 }, () => ({ kind: 'offline' as const }))
  await outbox.enqueue(someLead())
  for (let attempt = 0; attempt < 150; attempt += 1) await outbox.flush({ urgency: 'now' })
  const lines = await outbox.readLog()
  expect(lines).toHaveLength(200)
  expect(lines.at(-1)).toEqual(events.at(-1))
})

test('does not grow with a queue that only grows', async () => {
  device.server.weather = Array.from({ length: 20 }, () => ({ kind: 'offline' as const }))
  for (let lead = 0; lead < 260; lead += 1) await outbox.enqueue(someLead())
  const lines = await withRawStore(device.queue, (database) => database.count('log'))
  expect(lines).toBeGreaterThanOrEqual(200)
  expect(lines).toBeLessThan(230)
})

test('when the last answer came survives failures and the page', async () => {
  await outbox.enqueue(someLead())
  await outbox.flush()
  const syncedAtMs = device.clock.nowMs
  device.clock.nowMs += 60_000
  device.server.weather = [{ kind: 'offline' }]
  await outbox.enqueue(someLead())
  await outbox.flush()
  const heir = device.open()
  device.server.weather = [{ kind: 'offline' }]
  await heir.flush()
  expect(heir.getState()).toMatchObject({ lastSyncedAtMs: syncedAtMs, pending: 1 })
  await heir.close()
})

test('asks the browser to keep the storage once, after the first write, and tells what it said', async () => {
  const persist = vi.fn(async () => true)
  vi.stubGlobal('document', {})
  vi.stubGlobal('navigator', {
    ...navigator,
    locks: navigator.locks,
    storage: { persisted: async () => false, persist },
  })
  await outbox.flush()
  expect(persist).not.toHaveBeenCalled()
  await outbox.enqueue(someLead())
  await outbox.enqueue(someLead())
  await vi.waitFor(() => expect(outbox.getState().storage).toBe('persisted'))
  expect(persist).toHaveBeenCalledTimes(1)
})

test('a browser that never answers about its storage delays nothing', async () => {
  vi.stubGlobal('document', {})
  const storage = { persisted: () => new Promise(() => {}), persist: () => new Promise(() => {}) }
  vi.stubGlobal('navigator', { ...navigator, locks: navigator.locks, storage })
  await expect(outbox.enqueue(someLead())).resolves.toHaveLength(1)
  expect(outbox.getState().storage).toBe('unknown')
})
