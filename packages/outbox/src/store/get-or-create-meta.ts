import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { writeStores } from './connection.ts'
import { countChange } from './meta.ts'
import type { StoreContext } from './store-context.ts'

/**
 * The value under `key`, made and kept when there is none; two tabs at once get the same. One that cannot be read is put
 * aside, and a new one takes its place.
 */
export async function getOrCreateMeta<T>(
  context: StoreContext,
  key: string,
  create: () => T,
  isReadable: (value: unknown) => value is T,
): Promise<T> {
  const known = await context.connection.use((database) => database.get('meta', key))
  if (isReadable(known)) return known
  const { value, events, revision } = await writeStores(
    context.connection,
    ['meta', 'quarantine', 'log'],
    async (tx) => {
      const meta = tx.objectStore('meta')
      const stored: unknown = await meta.get(key)
      if (isReadable(stored)) return { value: stored, events: [], revision: null }
      const value = create()
      await meta.put(value, key)
      if (stored === undefined) return { value, events: [], revision: null }
      const atMs = context.now()
      const events: SyncEvent[] = [{ atMs, kind: 'quarantined', reason: 'bad_record', count: 1 }]
      const record = { store: 'meta' as const, key, reason: 'bad_record' as const, atMs, record: stored, content: null }
      await tx.objectStore('quarantine').add(record)
      appendLog(tx, events)
      return { value, events, revision: (await countChange(tx)).revision }
    },
  )
  context.committed(revision === null ? null : { revision, opIds: [] }, events)
  return value
}
