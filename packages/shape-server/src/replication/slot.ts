import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../database.ts'

const POLL_MS = 10
const LONGEST_WAIT_MS = 3_000

/**
 * Waits until Postgres has let go of a temporary slot, which it does a little after its connection ended. Until then
 * the database cannot be dropped. Gives up without an error: the slot ends by itself in any case.
 */
export async function waitForSlotToEnd(database: Database, slotName: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
    try {
      const { rowCount } = await database.query('SELECT 1 FROM pg_replication_slots WHERE slot_name = $1', [slotName])
      if (!rowCount) return
    } catch {
      // Postgres is gone, and with it the slot.
      return
    }
    await delay(POLL_MS)
  }
}
