import type { ConflictValues } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import type { UnsavedEntry } from '../entry/new-entry.ts'
import { readEntry } from '../entry/read-entry.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { Content, ContentRecord } from '../sealing/content.ts'
import { type SealingKey, seal } from '../sealing/seal.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { type WriteTransaction, writeStores } from './connection.ts'
import { countChange, type DeliveryRecord } from './meta.ts'
import type { StoreContext } from './store-context.ts'

const STORES = ['entries', 'meta', 'log', ...SHRED_STORES] as const

/** Adds writes, all or none; on disk when it resolves. One that is there already stays as it is. */
export async function addEntries(context: StoreContext, writes: readonly UnsavedEntry[]): Promise<Entry[]> {
  const { entries, revision, events } = await context.keys.writeSealed(
    ['entries', 'contents', 'meta', 'log'],
    (key) => Promise.all(writes.map((write) => sealWrite(context, key, write))),
    async (tx, contents) => {
      const store = tx.objectStore('entries')
      const [{ revision, firstSeq }, ...known] = await Promise.all([
        countChange(tx, writes.length),
        ...writes.map(({ entry }) => store.getKey(entry.opId)),
      ])
      const entries = writes.map(({ entry }, index): Entry => ({ ...entry, seq: firstSeq + index }))
      const events: SyncEvent[] = [{ atMs: context.now(), kind: 'enqueued', count: writes.length }]
      await Promise.all([
        ...entries.flatMap((entry, index) => {
          const content = contents[index]
          if (known[index] !== undefined || !content) return []
          return [store.put(entry), tx.objectStore('contents').put(content, entry.opId)]
        }),
        ...(contents[0]?.payload?.kind === 'plain' ? [tx.objectStore('meta').put(true, 'has-plain')] : []),
        appendLog(tx, events),
      ])
      return { entries, revision, events }
    },
  )
  context.committed({ revision, opIds: entries.map(({ opId }) => opId) }, events)
  return entries
}

export interface UpdateOptions {
  delivery?: DeliveryRecord
  durability?: IDBTransactionDurability
  events?: readonly SyncEvent[]
  /** What met somebody else's edit, by operation id; kept sealed with the delivered entry. */
  conflicts?: ReadonlyMap<string, ConflictValues>
}

/**
 * Changes entries as `change` says, and the delivery record along with them. What was written goes in the same
 * transaction in which an entry is delivered, and the key when it sealed nothing else. An entry that a person removed
 * meanwhile stays removed.
 *
 * @returns the entries as they are now
 */
export async function updateEntries(
  context: StoreContext,
  opIds: readonly string[],
  change: (entry: Entry) => Entry,
  { delivery, durability, events: given = [], conflicts = new Map() }: UpdateOptions = {},
): Promise<Entry[]> {
  const work = async (tx: WriteTransaction, sealed: ReadonlyMap<string, Content>) => {
    const store = tx.objectStore('entries')
    const [{ revision }, ...stored] = await Promise.all([countChange(tx), ...opIds.map((opId) => store.get(opId))])
    const events = [...given]
    const writing: Promise<unknown>[] = []
    let hasDelivered = false
    const entries = stored.flatMap((record) => {
      const read = readEntry(record)
      if (read.kind !== 'entry') return []
      const next = change(read.entry)
      if (next === read.entry) return [next]
      writing.push(store.put(next))
      if (next.state.kind === 'delivered' && read.entry.state.kind !== 'delivered') {
        hasDelivered = true
        writing.push(dropPayload(tx, next, sealed.get(next.opId) ?? null))
      }
      if (next.state.kind === 'dead' && read.entry.state.kind !== 'dead') events.push(deathOf(next, context.now()))
      return [next]
    })
    if (delivery) writing.push(tx.objectStore('meta').put(delivery, 'delivery'))
    await Promise.all(writing)
    if (hasDelivered && (await shredKeyIfUnused(tx))) events.push({ atMs: context.now(), kind: 'key-shredded' })
    await appendLog(tx, events)
    return { entries, revision, events }
  }
  const { entries, revision, events } =
    conflicts.size > 0
      ? await context.keys.writeSealed(STORES, (key) => sealConflicts(context, key, conflicts), work, durability)
      : await writeStores(context.connection, STORES, (tx) => work(tx, new Map()), durability)
  context.committed({ revision, opIds: [...opIds] }, events)
  return entries
}

/** A delivered write keeps nothing but what a member's lists still show of it. */
async function dropPayload(tx: WriteTransaction, entry: Entry, conflict: Content | null): Promise<void> {
  const contents = tx.objectStore('contents')
  const changes = entry.hasChanges ? ((await contents.get(entry.opId))?.changes ?? null) : null
  if (changes || conflict) await contents.put({ layout: 2, payload: null, changes, conflict }, entry.opId)
  else await contents.delete(entry.opId)
}

export async function sealWrite(
  { queue }: StoreContext,
  key: SealingKey | null,
  { entry, payload, changes }: Pick<UnsavedEntry, 'payload' | 'changes'> & { entry: Pick<Entry, 'opId'> },
): Promise<ContentRecord> {
  const [sealedPayload, sealedChanges] = await Promise.all([
    seal(key, { queue, id: entry.opId, part: 'payload' }, payload),
    changes && seal(key, { queue, id: entry.opId, part: 'changes' }, changes),
  ])
  return { layout: 2, payload: sealedPayload, changes: sealedChanges, conflict: null }
}

async function sealConflicts(
  { queue }: StoreContext,
  key: SealingKey | null,
  conflicts: ReadonlyMap<string, ConflictValues>,
): Promise<Map<string, Content>> {
  const sealing = [...conflicts].map(async ([id, values]): Promise<[string, Content]> => {
    return [id, await seal(key, { queue, id, part: 'conflict' }, values)]
  })
  return new Map(await Promise.all(sealing))
}

function deathOf(entry: Entry, atMs: number): SyncEvent {
  if (entry.state.kind !== 'dead') throw new Error(`${entry.opId} is not dead`)
  return { atMs, kind: 'dead', correlationId: entry.correlationId, opId: entry.opId, reason: entry.state.reason }
}
