import { LIMITS } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NewEntry } from './entry/entry.ts'
import type { Outbox } from './outbox.ts'
import { phaseOf } from './sync-state.ts'
import { createHarness, type Harness, someLead } from './testing/harness.ts'
import { withRawStore } from './testing/raw-store.ts'

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(async () => {
  vi.restoreAllMocks()
  await outbox.close()
})

const enqueueOffline = (...writes: NewEntry[]) => device.enqueueOffline(outbox, ...writes)

test('a payload that is none is set apart, and the drain ends', async () => {
  const [bad] = await enqueueOffline(someLead('bad'), someLead('good'))
  const content = { layout: 2, payload: { kind: 'plain', value: 'text' }, changes: null, conflict: null }
  await withRawStore(device.queue, (database) => database.put('contents', content, bad?.opId))
  expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
  expect(device.server.applied.size).toBe(1)
  expect(outbox.getState()).toMatchObject({ pending: 0, quarantined: 1 })
})

test('one that cannot be read on a full disk lets the others go, and is looked at again later', async () => {
  const [bad] = await enqueueOffline(someLead('bad'), someLead('good'))
  await withRawStore(device.queue, (database) => database.delete('contents', bad?.opId ?? ''))
  const real = IDBObjectStore.prototype.add
  const disk = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value) {
    if (this.name === 'quarantine') throw new DOMException('The disk is full.', 'QuotaExceededError')
    return real.call(this, value)
  })
  expect(await outbox.flush({ urgency: 'now' })).toBeUndefined()
  expect(device.server.applied.size).toBe(1)
  disk.mockRestore()
  await outbox.flush({ urgency: 'now' })
  expect(outbox.getState()).toMatchObject({ pending: 0, quarantined: 1 })
})

test('a group of which one head cannot be read is not sent in part', async () => {
  const groupId = uuidv7()
  const [bad] = await enqueueOffline({ ...someLead(), groupId }, { ...someLead(), groupId })
  await withRawStore(device.queue, async (database) => {
    await database.put('entries', { ...(await database.get('entries', bad?.opId ?? '')), entity: 7 })
  })
  await outbox.flush({ urgency: 'now' })
  expect(device.server.applied.size).toBe(0)
  expect(await outbox.readEntries()).toMatchObject([{ state: 'dead', reason: 'group_failed' }])
})

test('a small one that something refuses as too large waits alone', async () => {
  const refusing: typeof fetch = async (input, init) =>
    String(init?.body).length > 16_000 ? new Response('{}', { status: 413 }) : device.server.fetch(input, init)
  await outbox.close()
  outbox = device.open({ fetch: refusing })
  await outbox.enqueue(someLead('x'.repeat(50_000)), someLead('small'))
  await outbox.flush({ urgency: 'now' })
  expect(outbox.getEntries().map(({ state }) => state)).toEqual(['queued', 'delivered'])
})

test('a page that goes sends nothing that could not outlive it', async () => {
  await enqueueOffline(someLead('x'.repeat(LIMITS.keepaliveBytes + 1_000)))
  device.server.requests.length = 0
  device.clock.nowMs += 60 * 60_000
  await outbox.flush({ keepalive: true })
  expect(device.server.requests).toEqual([])
})

test('a person gets past what one operation waits for, once a try', async () => {
  device.server.judge = (opId) => ({ opId, outcome: 'retry', retryAfterMs: 600_000 })
  await outbox.enqueue(someLead())
  await outbox.flush()
  device.server.requests.length = 0
  await outbox.flush({ urgency: 'now' })
  expect(device.server.requests).toHaveLength(1)
  device.server.judge = () => undefined
  expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
})

test('a draft that is being saved does not come back after it was deleted', async () => {
  const saving = outbox.saveDraft('f_form', { name: 'Ada' })
  await outbox.deleteDraft('f_form')
  await saving
  expect(await outbox.readDraft('f_form')).toBeUndefined()
})

test('what waits behind a dead letter is told as in need of a person', async () => {
  const lead = someLead()
  device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'malformed' })
  await outbox.enqueue(lead, { ...lead, action: 'update' })
  await outbox.flush()
  expect(outbox.getState()).toMatchObject({ pending: 1, dead: 1 })
  expect(phaseOf(outbox.getState())).toBe('error')
})
