import { expect, test } from 'vitest'
import { type LiveUpdates, lastSyncedMs } from './live-updates.ts'

const live = (status: LiveUpdates['status'], syncedAtMs: number | null): LiveUpdates => ({ status, syncedAtMs })

test.each([
  [null, undefined, null],
  [5, undefined, 5],
  [5, live('up-to-date', 9), 9],
  [9, live('up-to-date', 5), 9],
  [null, live('up-to-date', 5), 5],
  [9, live('reconnecting', 5), 5],
  [9, live('connecting', null), 9],
])('sent at %j with news %j, it was last synced at %j', (sentAtMs, updates, expected) => {
  expect(lastSyncedMs(sentAtMs, updates)).toBe(expected)
})
