import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseRetryAfterMs } from './delivery/backoff.ts'
import type { Outbox } from './outbox.ts'
import { EntryStore } from './store/entry-store.ts'
import { createHarness, type Harness, someLead } from './testing/harness.ts'
import { withRawStore } from './testing/raw-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const YEAR_MS = 365 * DAY_MS

let device: Harness
let outbox: Outbox

beforeEach(() => {
  device = createHarness()
  outbox = device.open()
})

afterEach(() => outbox.close())

/** What a page does when it begins. */
async function beginPage() {
  const store = new EntryStore(device.queue, { now: () => device.clock.nowMs })
  await store.prune()
  await store.close()
}

const draftsOnDisk = () => withRawStore(device.queue, (database) => database.count('drafts'))

describe('waiting', () => {
  test.each([
    ['five minutes back', -5 * 60_000],
    ['a year back', -YEAR_MS],
    ['a year ahead', YEAR_MS],
  ])('ends when the clock is put %s', async (_where, jumpMs) => {
    device.server.weather = [{ kind: 'status', status: 503, headers: { 'retry-after': '1800' } }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    device.clock.nowMs += jumpMs
    expect(await outbox.flush()).toEqual({ kind: 'empty' })
  })

  test.each([-YEAR_MS, YEAR_MS])('of one operation ends when the clock jumps by %i', async (jumpMs) => {
    device.server.judge = (opId) => ({ opId, outcome: 'retry', retryAfterMs: 30_000 })
    await outbox.enqueue(someLead())
    await outbox.flush()
    device.server.judge = () => undefined
    device.clock.nowMs += jumpMs
    expect(await outbox.flush()).toEqual({ kind: 'empty' })
  })

  test('that began under a clock far ahead ends when it is put right', async () => {
    device.clock.nowMs += YEAR_MS
    device.server.weather = [{ kind: 'offline' }]
    await outbox.enqueue(someLead())
    await outbox.flush()
    device.clock.nowMs -= YEAR_MS
    expect(await outbox.flush()).toEqual({ kind: 'empty' })
  })

  test('until a date is counted by the clock that named it', () => {
    const server = Date.UTC(2030, 0, 1)
    const headers = new Headers({
      date: new Date(server).toUTCString(),
      'retry-after': new Date(server + 60_000).toUTCString(),
    })
    expect(parseRetryAfterMs(headers, Date.UTC(2026, 0, 1))).toBe(60_000)
  })
})

describe('forgetting', () => {
  test('takes a draft of a week ago, at the second page that finds it old', async () => {
    await beginPage()
    await outbox.saveDraft('f_form', { name: 'Ada' })
    device.clock.nowMs += 8 * DAY_MS
    expect(await outbox.readDraft('f_form')).toBeUndefined()
    await beginPage()
    device.clock.nowMs += DAY_MS
    await beginPage()
    expect(await draftsOnDisk()).toBe(0)
  })

  test('takes nothing that is new when the clock stands far ahead for a while', async () => {
    await outbox.enqueue(someLead())
    await outbox.flush()
    await outbox.saveDraft('f_form', { name: 'Ada' })
    await beginPage()
    device.clock.nowMs += YEAR_MS
    await beginPage()
    await beginPage()
    device.clock.nowMs -= YEAR_MS
    await beginPage()
    expect(await outbox.readDraft('f_form')).toEqual({ name: 'Ada' })
    expect(await outbox.readEntries()).toMatchObject([{ state: 'delivered' }])
  })

  test('takes a draft in its time although it was written by a clock far ahead', async () => {
    device.clock.nowMs += YEAR_MS
    await outbox.saveDraft('f_form', { name: 'Ada' })
    device.clock.nowMs -= YEAR_MS
    for (let day = 0; day < 12; day += 1) {
      await beginPage()
      device.clock.nowMs += DAY_MS
    }
    expect(await draftsOnDisk()).toBe(0)
  })

  test('takes what was delivered a season ago, and nothing that waits', async () => {
    await outbox.enqueue(someLead('delivered'))
    await outbox.flush()
    device.server.weather = [{ kind: 'offline' }]
    await outbox.enqueue(someLead('waits'))
    await outbox.flush()
    for (let day = 0; day < 95; day += 1) {
      await beginPage()
      device.clock.nowMs += DAY_MS
    }
    expect(await outbox.readEntries()).toMatchObject([{ state: 'queued' }])
  })
})
