import { readEntry } from '../entry/read-entry.ts'
import { isUnsettled } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { type ContentRecord, isContentRecord, keyIdsOf } from '../sealing/content.ts'
import { type WriteTransaction, writeStores } from '../store/connection.ts'
import { countChange } from '../store/meta.ts'
import type { StoreContext } from '../store/store-context.ts'
import type { QuarantineReason } from './quarantined-record.ts'

/**
 * Moves records that cannot be read out of the way, in one transaction that looks at each again: what another context has
 * settled or mended meanwhile stays.
 *
 * @returns operation ids of those that were moved
 */
export async function quarantineEntries(
  context: StoreContext,
  suspects: ReadonlyMap<string, QuarantineReason>,
): Promise<string[]> {
  const stores = ['entries', 'contents', 'keys', 'quarantine', 'meta', 'log'] as const
  const { moved, revision, events } = await writeStores(context.connection, stores, async (tx) => {
    const events: SyncEvent[] = []
    const moved: string[] = []
    for (const [key, reason] of suspects) {
      const record: unknown = await tx.objectStore('entries').get(key)
      const content: unknown = await tx.objectStore('contents').get(key)
      if (record === undefined || !(await isStillSo(tx, reason, record, content))) continue
      const atMs = context.now()
      await tx.objectStore('quarantine').add({ store: 'entries', key, reason, atMs, record, content: content ?? null })
      await tx.objectStore('entries').delete(key)
      await tx.objectStore('contents').delete(key)
      moved.push(key)
      events.push({ atMs, kind: 'quarantined', reason, count: 1 })
    }
    const { revision } = moved.length > 0 ? await countChange(tx) : { revision: 0 }
    appendLog(tx, events)
    return { moved, revision, events }
  })
  if (moved.length > 0) context.committed({ revision, opIds: moved }, events)
  return moved
}

async function isStillSo(
  tx: WriteTransaction,
  reason: QuarantineReason,
  record: unknown,
  content: unknown,
): Promise<boolean> {
  const read = readEntry(record)
  if (reason === 'unknown_layout' || reason === 'bad_record') return read.kind === 'unreadable' || isOddContent(content)
  if (read.kind === 'unreadable' || !(isUnsettled(read.entry) || read.entry.state.kind === 'dead')) return false
  switch (reason) {
    case 'content_missing':
      return content === undefined || (content as ContentRecord).payload === null
    case 'key_missing': {
      const ids = await Promise.all(keyIdsOf(content as ContentRecord).map((id) => tx.objectStore('keys').getKey(id)))
      return ids.includes(undefined)
    }
    case 'seal_broken':
      return true
  }
}

const isOddContent = (content: unknown) => content !== undefined && !isContentRecord(content)
