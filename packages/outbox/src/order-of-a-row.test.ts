import { uuidv7 } from 'uuidv7'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NewEntry } from './entry/entry.ts'
import type { Outbox } from './outbox.ts'
import { createHarness, type Harness } from './testing/harness.ts'

let device: Harness
let outbox: Outbox
let row: string

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
  row = uuidv7()
})

afterEach(() => outbox.close())

const write = (action: NewEntry['action'], name: string, changes: Partial<NewEntry> = {}): NewEntry => ({
  entity: 'lead',
  action,
  entityId: row,
  label: 'Ask us',
  payload: { name },
  ...changes,
})

async function enqueueOffline(...writes: NewEntry[]) {
  const views = await device.enqueueOffline(outbox, ...writes)
  device.server.requests.length = 0
  return views
}

const namesSent = () => device.server.requests.map(({ operations }) => operations.map(({ payload }) => payload.name))

test('an edit waits for the insert that the server put off', async () => {
  await enqueueOffline(
    write('insert', 'insert'),
    write('update', 'edit'),
    write('insert', 'other', { entityId: uuidv7() }),
  )
  device.server.judge = (opId, payload) =>
    payload.name === 'insert' ? { opId, outcome: 'retry', retryAfterMs: 5_000 } : undefined
  expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'waiting', untilMs: device.clock.nowMs + 5_000 })
  expect(namesSent()).toEqual([['insert', 'other']])
  device.server.judge = () => undefined
  device.clock.nowMs += 5_000
  expect(await outbox.flush()).toEqual({ kind: 'empty' })
  expect(namesSent()).toEqual([['insert', 'other'], ['insert'], ['edit']])
})

test('an edit behind a dead insert waits for a person, and goes on in order once the letter is sent again', async () => {
  const [insert] = await enqueueOffline(write('insert', 'bad'), write('update', 'edit'))
  device.server.judge = (opId, payload) =>
    payload.name === 'bad' ? { opId, outcome: 'rejected', reason: 'malformed' } : undefined
  expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'held' })
  expect(outbox.getEntries()).toMatchObject([{ state: 'dead' }, { state: 'queued' }])
  expect(outbox.getState()).toMatchObject({ pending: 1, nextAttemptAtMs: null })

  await outbox.resend(insert?.opId ?? '', { name: 'good' })
  expect(await outbox.flush({ urgency: 'now' })).toEqual({ kind: 'empty' })
  expect(namesSent()).toEqual([['bad'], ['good'], ['edit']])
})

test('an edit behind a dead one goes when a person discards that', async () => {
  const [insert] = await enqueueOffline(write('insert', 'bad'), write('update', 'edit'))
  device.server.judge = (opId, payload) =>
    payload.name === 'bad' ? { opId, outcome: 'rejected', reason: 'malformed' } : undefined
  await outbox.flush({ urgency: 'now' })
  await outbox.discard(insert?.opId ?? '')
  await outbox.flush({ urgency: 'now' })
  expect(namesSent()).toEqual([['bad'], ['edit']])
})

test('writes keep their order when the clock is put back between them', async () => {
  await enqueueOffline(write('insert', 'first', { opId: '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a' }))
  device.clock.nowMs -= 60_000
  await enqueueOffline(write('update', 'second', { opId: '01833b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a' }))
  expect((await outbox.readEntries()).map(({ action }) => action)).toEqual(['insert', 'update'])
  await outbox.flush({ urgency: 'now' })
  expect(namesSent()).toEqual([['first'], ['second']])
})

test('a group on one row goes as one', async () => {
  const groupId = uuidv7()
  await enqueueOffline(write('insert', 'one', { groupId }), write('update', 'two', { groupId }))
  await outbox.flush({ urgency: 'now' })
  expect(namesSent()).toEqual([['one', 'two']])
})

test('who corrects a write wants it: that it was taken back before is forgotten', async () => {
  const [insert] = await enqueueOffline(write('insert', 'bad'), write('update', 'edit'), write('delete', 'taken back'))
  device.server.judge = (opId, payload) =>
    payload.name === 'bad' ? { opId, outcome: 'rejected', reason: 'invalid_values' } : undefined
  await outbox.flush({ urgency: 'now' })
  await outbox.resend(insert?.opId ?? '', { name: 'corrected' })
  await outbox.flush({ urgency: 'now' })
  expect(namesSent().flat()).toEqual(['bad', 'corrected', 'edit'])
  expect(outbox.getEntries().map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  expect(outbox.getState()).toMatchObject({ pending: 0, dead: 0 })
})

test('what is sent again as it was takes along what waited behind it', async () => {
  const [insert] = await enqueueOffline(write('insert', 'bad'), write('delete', 'taken back'))
  device.server.judge = (opId) => ({ opId, outcome: 'rejected', reason: 'not_found' })
  await outbox.flush({ urgency: 'now' })
  device.server.judge = () => undefined
  await outbox.resend(insert?.opId ?? '')
  await outbox.flush({ urgency: 'now' })
  expect(namesSent().flat()).toEqual(['bad', 'bad', 'taken back'])
})
