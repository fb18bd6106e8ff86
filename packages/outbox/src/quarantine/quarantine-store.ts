import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { writeStores } from '../store/connection.ts'
import { countChange } from '../store/meta.ts'
import type { StoreContext } from '../store/store-context.ts'
import type { QuarantinedRecord } from './quarantined-record.ts'

export function readQuarantine({ connection }: StoreContext): Promise<QuarantinedRecord[]> {
  return connection.use((database) => database.getAll('quarantine') as Promise<QuarantinedRecord[]>)
}

/** Removes a quarantined record, because a person said so. */
export async function discardQuarantined(context: StoreContext, id: number): Promise<void> {
  const stores = ['meta', 'log', ...SHRED_STORES] as const
  const { events, revision } = await writeStores(context.connection, stores, async (tx) => {
    await tx.objectStore('quarantine').delete(id)
    const events: SyncEvent[] = (await shredKeyIfUnused(tx)) ? [{ atMs: context.now(), kind: 'key-shredded' }] : []
    appendLog(tx, events)
    return { events, revision: (await countChange(tx)).revision }
  })
  context.committed({ revision, opIds: [] }, events)
}
