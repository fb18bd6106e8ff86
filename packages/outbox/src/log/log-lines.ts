import { issued, type WriteTransaction } from '../store/connection.ts'
import type { OutboxDatabase } from '../store/open-store.ts'
import type { SyncEvent } from './sync-event.ts'

/** Lines that are told at most; the oldest give way. */
export const LOG_LINES = 200

/** Writes lines into the ring, in the transaction of what they tell of. Nobody waits for it but the transaction. */
export function appendLog(tx: WriteTransaction, events: readonly SyncEvent[]): void {
  for (const event of events) issued(tx.objectStore('log').add(event))
}

/** Removes the lines that are too many. Apart from writing them, because it costs a round trip to know which they are. */
export async function trimLog(tx: WriteTransaction): Promise<void> {
  const log = tx.objectStore('log')
  const last = (await log.openKeyCursor(null, 'prev'))?.primaryKey
  if (last !== undefined && last > LOG_LINES) issued(log.delete(IDBKeyRange.upperBound(last - LOG_LINES)))
}

/** The lines that are left, the oldest first. */
export async function readLogLines(database: OutboxDatabase): Promise<SyncEvent[]> {
  return (await database.getAll('log')).slice(-LOG_LINES)
}
