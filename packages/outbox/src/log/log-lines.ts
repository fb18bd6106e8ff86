import type { WriteTransaction } from '../store/connection.ts'
import type { OutboxDatabase } from '../store/open-store.ts'
import type { SyncEvent } from './sync-event.ts'

/** Lines that are kept; the oldest give way. */
export const LOG_LINES = 200

/** Writes lines into the ring, in the transaction of what they tell of. */
export async function appendLog(tx: WriteTransaction, events: readonly SyncEvent[]): Promise<void> {
  const log = tx.objectStore('log')
  const ids = await Promise.all(events.slice(-LOG_LINES).map((event) => log.add(event)))
  const last = ids.at(-1)
  if (last !== undefined && last > LOG_LINES) await log.delete(IDBKeyRange.upperBound(last - LOG_LINES))
}

/** The lines that are left, the oldest first. */
export function readLogLines(database: OutboxDatabase): Promise<SyncEvent[]> {
  return database.getAll('log')
}
