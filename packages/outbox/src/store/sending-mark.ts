import type { Entry } from '../entry/entry.ts'
import { isRecord } from '../entry/read-entry.ts'
import { startSending } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { issued, type WriteTransaction, writeStores } from './connection.ts'
import { countChange } from './meta.ts'
import type { StoreContext } from './store-context.ts'

/**
 * Which entries are on their way, as one record: writing each of them anew for a display would cost as much as settling
 * them. One that a dead drainer left says `sending` of entries that wait, until the next drain takes it off.
 */
export interface SendingMark {
  opIds: string[]
  sinceMs: number
  correlationId: string
}

/**
 * Marks the batch. A crash that loses a relaxed mark leaves queued entries, which is right as well, except where entries
 * that no request carried may give way to others: there the mark is strict.
 */
export async function markSending(
  context: StoreContext,
  batch: readonly Entry[],
  mark: Omit<SendingMark, 'opIds'>,
  isKeepalive: boolean,
  durability: IDBTransactionDurability,
): Promise<void> {
  const opIds = batch.map(({ opId }) => opId)
  const { correlationId, sinceMs } = mark
  const events: SyncEvent[] = [{ atMs: sinceMs, kind: 'sent', correlationId, count: batch.length, isKeepalive }]
  const write = async (tx: WriteTransaction) => {
    const { revision } = await countChange(tx)
    issued(tx.objectStore('meta').put({ ...mark, opIds }, 'sending'))
    appendLog(tx, events)
    return revision
  }
  const revision = await writeStores(context.connection, ['meta', 'log'], write, durability)
  context.committed({ revision, opIds }, events, withMark(batch, { ...mark, opIds }))
}

/** Takes off what a drainer left that died: whoever holds the drain lock knows that nothing is on its way. */
export async function clearMark(context: StoreContext): Promise<void> {
  const stored: unknown = await context.connection.use((database) => database.get('meta', 'sending'))
  if (stored === undefined) return
  const opIds = readMark(stored)?.opIds ?? []
  const revision = await writeStores(context.connection, ['meta'], async (tx) => {
    issued(tx.objectStore('meta').delete('sending'))
    return (await countChange(tx)).revision
  })
  context.committed({ revision, opIds }, [])
}

export function readMark(stored: unknown): SendingMark | undefined {
  const isMark =
    isRecord(stored) &&
    Array.isArray(stored.opIds) &&
    Number.isFinite(stored.sinceMs) &&
    typeof stored.correlationId === 'string'
  return isMark ? (stored as unknown as SendingMark) : undefined
}

/** The entries with those in `sending` that are marked. */
export function withMark(entries: readonly Entry[], mark: SendingMark | undefined): Entry[] {
  if (!mark) return [...entries]
  const marked = new Set(mark.opIds)
  return entries.map((entry) =>
    marked.has(entry.opId) ? startSending(entry, mark.sinceMs, mark.correlationId) : entry,
  )
}

/** Takes the mark off entries that are on their way no more. */
export function unmark(tx: WriteTransaction, mark: SendingMark | undefined, opIds: ReadonlySet<string>): void {
  const left = mark?.opIds.filter((opId) => !opIds.has(opId)) ?? []
  if (!mark || left.length === mark.opIds.length) return
  const meta = tx.objectStore('meta')
  if (left.length === 0) issued(meta.delete('sending'))
  else issued(meta.put({ ...mark, opIds: left }, 'sending'))
}
