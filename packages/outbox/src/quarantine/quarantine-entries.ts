import type { Entry } from '../entry/entry.ts'
import { isRecord, readEntry } from '../entry/read-entry.ts'
import { die, isUnsettled } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { type ContentRecord, keyIdsOf } from '../sealing/content.ts'
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
  const { moved, changed, revision, events } = await writeStores(context.connection, stores, async (tx) => {
    const events: SyncEvent[] = []
    const moved: string[] = []
    const groups = new Set<string>()
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
      if (isRecord(record) && typeof record.groupId === 'string') groups.add(record.groupId)
    }
    const dead = groups.size > 0 ? await endGroups(tx, groups, context.now()) : []
    for (const { opId, correlationId } of dead) {
      events.push({ atMs: context.now(), kind: 'dead', correlationId, opId, reason: 'group_failed' })
    }
    const { revision } = moved.length > 0 ? await countChange(tx) : { revision: 0 }
    appendLog(tx, events)
    return { moved, changed: [...moved, ...dead.map(({ opId }) => opId)], revision, events }
  })
  if (moved.length > 0) context.committed({ revision, opIds: changed }, events)
  return moved
}

/** What stands or falls with a record that is set apart must not go without it: a person decides. */
async function endGroups(tx: WriteTransaction, groups: ReadonlySet<string>, nowMs: number): Promise<Entry[]> {
  const index = tx.objectStore('entries').index('by-state')
  const waiting: unknown[] = [...(await index.getAll('queued')), ...(await index.getAll('sending'))]
  const dead: Entry[] = []
  for (const record of waiting) {
    const read = readEntry(record)
    if (read.kind !== 'entry' || read.entry.groupId === null || !groups.has(read.entry.groupId)) continue
    const entry = die(read.entry, 'group_failed', nowMs)
    await tx.objectStore('entries').put(entry)
    dead.push(entry)
  }
  return dead
}

async function isStillSo(
  tx: WriteTransaction,
  reason: QuarantineReason,
  record: unknown,
  content: unknown,
): Promise<boolean> {
  const read = readEntry(record)
  if (read.kind === 'unreadable') return reason === 'unknown_layout' || reason === 'bad_record'
  if (!(isUnsettled(read.entry) || read.entry.state.kind === 'dead')) return false
  switch (reason) {
    case 'unknown_layout':
      return false
    case 'bad_record':
    case 'seal_broken':
      // What was written changes while it waits only where it could be read: as it was found, it is.
      return content !== undefined
    case 'content_missing':
      return content === undefined || (content as ContentRecord).payload === null
    case 'key_missing': {
      const ids = await Promise.all(keyIdsOf(content as ContentRecord).map((id) => tx.objectStore('keys').getKey(id)))
      return ids.includes(undefined)
    }
  }
}
