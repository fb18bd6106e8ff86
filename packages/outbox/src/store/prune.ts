import { isRecord, readEntry } from '../entry/read-entry.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { type WriteTransaction, writeStores } from './connection.ts'
import { KEEP_DRAFT_MS } from './drafts.ts'
import { countChange } from './meta.ts'
import type { StoreContext } from './store-context.ts'
import { pruneSuperseded } from './superseded-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** How long a delivered entry stays for the lists that show it. */
const KEEP_DELIVERED_MS = 90 * DAY_MS
/** How long a member's lists show what a delivered edit changed; the stream has brought the row long before. */
const KEEP_SHOWN_MS = 7 * DAY_MS

/**
 * Forgets what was delivered long ago, and what somebody began to type and left.
 *
 * A clock that was set ahead would make everything look old. So the age is counted to a reading of the clock that a later
 * one, a day or more after, has not taken back; the first pass after a jump removes nothing by it.
 */
export async function prune(context: StoreContext): Promise<void> {
  const nowMs = context.now()
  const done = await writeStores(context.connection, ['entries', 'meta', 'log', ...SHRED_STORES], async (tx) => {
    const untilMs = await confirmedReading(tx, nowMs)
    if (untilMs === undefined) return undefined
    const opIds = await pruneDelivered(tx, untilMs, nowMs)
    await pruneDrafts(tx, untilMs, nowMs)
    await pruneSuperseded(tx, untilMs - KEEP_DELIVERED_MS)
    const events: SyncEvent[] = (await shredKeyIfUnused(tx)) ? [{ atMs: nowMs, kind: 'key-shredded' }] : []
    appendLog(tx, events)
    return { opIds, events, revision: (await countChange(tx)).revision }
  })
  if (done) context.committed({ revision: done.revision, opIds: done.opIds }, done.events)
}

async function confirmedReading(tx: WriteTransaction, nowMs: number): Promise<number | undefined> {
  const meta = tx.objectStore('meta')
  const stored: unknown = await meta.get('clock')
  const candidateMs = isRecord(stored) && Number.isFinite(stored.readMs) ? (stored.readMs as number) : undefined
  if (candidateMs !== undefined && nowMs >= candidateMs && nowMs - candidateMs < DAY_MS) return undefined
  await meta.put({ readMs: nowMs }, 'clock')
  return candidateMs !== undefined && nowMs >= candidateMs ? candidateMs : undefined
}

async function pruneDelivered(tx: WriteTransaction, untilMs: number, nowMs: number): Promise<string[]> {
  const [entries, contents] = [tx.objectStore('entries'), tx.objectStore('contents')]
  const changed: string[] = []
  for await (const cursor of entries.index('by-state').iterate('delivered')) {
    const read = readEntry(cursor.value)
    if (read.kind !== 'entry' || read.entry.state.kind !== 'delivered') continue
    const { entry } = read
    const { atMs } = read.entry.state
    if (untilMs - atMs > KEEP_DELIVERED_MS) {
      await Promise.all([entries.delete(entry.opId), contents.delete(entry.opId)])
    } else if (untilMs - atMs > KEEP_SHOWN_MS && (await contents.getKey(entry.opId)) !== undefined) {
      await Promise.all([contents.delete(entry.opId), entries.put({ ...entry, hasChanges: false })])
    } else if (atMs - nowMs > DAY_MS) {
      // Written by a clock that stood ahead; it would stay for as long again.
      await entries.put({ ...entry, state: { ...read.entry.state, atMs: nowMs } })
    } else continue
    changed.push(entry.opId)
  }
  return changed
}

async function pruneDrafts(tx: WriteTransaction, untilMs: number, nowMs: number): Promise<void> {
  for await (const cursor of tx.objectStore('drafts')) {
    const { savedAtMs } = cursor.value
    if (untilMs - savedAtMs > KEEP_DRAFT_MS) await cursor.delete()
    else if (savedAtMs - nowMs > DAY_MS) await cursor.update({ ...cursor.value, savedAtMs: nowMs })
  }
}
