import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { OPEN_WITHIN_MS } from './open-store.ts'
import { listQueues, registerQueue } from './queue-directory.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A request as a broken disk answers it: not at all. */
const neverAnswering = (): IDBOpenDBRequest =>
  Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value: () => {} } })

test('a directory that never answers is given up after a while, and asked again at the next use', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.spyOn(indexedDB, 'open').mockImplementationOnce(neverAnswering)
  const listing = expect(listQueues()).rejects.toMatchObject({ name: 'OutboxUnavailableError', reason: 'failed' })
  await vi.advanceTimersByTimeAsync(OPEN_WITHIN_MS)
  await listing
  vi.useRealTimers()
  await registerQueue({ queue: 'q', tenantId: 't', kind: 'visitor', endpoint: '/' })
  expect(await listQueues()).toMatchObject([{ queue: 'q' }])
})
