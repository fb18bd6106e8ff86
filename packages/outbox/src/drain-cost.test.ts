import { afterEach, expect, test, vi } from 'vitest'
import { createHarness, someLead } from './testing/harness.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a drain of so many leads asks of IndexedDB. */
async function costOfDrain(leads: number) {
  const device = createHarness()
  const outbox = device.open()
  device.server.weather = [{ kind: 'offline' }]
  await outbox.enqueue(...Array.from({ length: leads }, () => someLead()))
  await outbox.flush()
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
  const single = [vi.spyOn(IDBObjectStore.prototype, 'get'), vi.spyOn(IDBObjectStore.prototype, 'delete')]
  const put = vi.spyOn(IDBObjectStore.prototype, 'put')
  const byState = vi.spyOn(IDBIndex.prototype, 'getAll')
  const ranges = vi.spyOn(IDBObjectStore.prototype, 'getAll')
  await outbox.flush({ urgency: 'now' })
  expect(device.server.applied.size).toBe(leads)
  const whole = ranges.mock.calls.filter(([range]) => range === undefined || range === null)
  const counts = {
    wholeQueueReads: byState.mock.calls.length + whole.length,
    single: single.reduce((sum, { mock }) => sum + mock.calls.length, 0),
    put: put.mock.calls.length,
    opened: decrypt.mock.calls.length,
  }
  vi.restoreAllMocks()
  await outbox.close()
  return counts
}

test('a drain reads the whole queue as often for a thousand leads as for a hundred, and opens each once', async () => {
  const [hundred, thousand] = [await costOfDrain(100), await costOfDrain(1_000)]
  expect(thousand.wholeQueueReads).toBe(hundred.wholeQueueReads)
  expect(thousand.opened).toBe(1_000)
  // A batch of a hundred: one put for each lead, and a few for the queue as a whole.
  expect(thousand.put).toBeLessThanOrEqual(1_000 + 10 * 6 + 6)
  expect(thousand.single).toBeLessThanOrEqual(10 * 25)
})

test('a write while five hundred wait reads none of them', async () => {
  const device = createHarness()
  const outbox = device.open()
  device.server.weather = [{ kind: 'offline' }]
  await outbox.enqueue(...Array.from({ length: 500 }, () => someLead()))
  await outbox.flush()
  const byState = vi.spyOn(IDBIndex.prototype, 'getAll')
  const ranges = vi.spyOn(IDBObjectStore.prototype, 'getAll')
  await outbox.enqueue(someLead())
  await outbox.flush()
  expect(outbox.getEntries()).toHaveLength(501)
  expect(byState).not.toHaveBeenCalled()
  expect(ranges.mock.calls.filter(([range]) => range === undefined || range === null)).toEqual([])
  await outbox.close()
})
