import type { ConflictValues } from '@landfall/contract'
import type { Entry } from '../entry/entry.ts'
import type { UnsavedEntry } from '../entry/new-entry.ts'
import { readEntry } from '../entry/read-entry.ts'
import { type SupersededOperation, supersededKey } from '../entry/superseded.ts'
import { showsContent } from '../entry/view.ts'
import { appendLog, trimLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { Content, ContentRecord } from '../sealing/content.ts'
import { type SealingKey, seal } from '../sealing/seal.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { issued, type WriteTransaction, writeStores } from './connection.ts'
import { deleteMany, getMany } from './get-many.ts'
import { countChange, type DeliveryRecord } from './meta.ts'
import { readMark, unmark, withMark } from './sending-mark.ts'
import type { StoreContext } from './store-context.ts'
import { markSuperseded } from './superseded-store.ts'

const STORES = ['entries', 'meta', 'log', ...SHRED_STORES] as const

/** A queue that only grows writes lines too. */
const WRITES_PER_TRIM = 20

/**
 * Adds writes, all or none; on disk when it resolves. One that is there already stays as it is.
 *
 * @param superseded operations that these writes stand for, and that are not in the queue; what is superseded is not added
 */
export async function addEntries(
  context: StoreContext,
  writes: readonly UnsavedEntry[],
  superseded?: readonly SupersededOperation[],
): Promise<Entry[]> {
  const { entries, isNew, revision, events } = await context.keys.writeSealed(
    ['entries', 'contents', 'meta', 'log'],
    (key) => Promise.all(writes.map((write) => sealWrite(context, key, write))),
    async (tx, contents) => {
      const store = tx.objectStore('entries')
      const [{ revision, firstSeq }, ...known] = await Promise.all([
        countChange(tx, writes.length),
        ...writes.map(async ({ entry }) => {
          const isGone = superseded && issued(tx.objectStore('meta').getKey(supersededKey(entry.opId)))
          return (await store.getKey(entry.opId)) ?? (await isGone)
        }),
      ])
      for (const one of superseded ?? []) {
        // Whoever planned this did not know: the operation would take effect twice.
        if ((await store.getKey(one.opId)) !== undefined) throw new Error(`${one.opId} is in the queue already`)
        markSuperseded(tx, one, context.now())
      }
      const entries = writes.map(({ entry }, index): Entry => ({ ...entry, seq: firstSeq + index }))
      const events: SyncEvent[] = [{ atMs: context.now(), kind: 'enqueued', count: writes.length }]
      // The transaction waits for these, and nobody else need.
      for (const [index, entry] of entries.entries()) {
        const content = contents[index]
        if (known[index] !== undefined || !content) continue
        issued(store.put(entry))
        issued(tx.objectStore('contents').put(content, entry.opId))
      }
      if (contents[0]?.payload?.kind === 'plain') issued(tx.objectStore('meta').put(true, 'has-plain'))
      appendLog(tx, events)
      if (firstSeq % WRITES_PER_TRIM === 0) await trimLog(tx)
      return { entries, isNew: known.every((key) => key === undefined), revision, events }
    },
  )
  const change = { revision, opIds: entries.map(({ opId }) => opId) }
  // Whoever waits to tell a person "saved" goes first.
  context.committedSoon(change, events, isNew ? entries : undefined)
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
    const [{ revision }, mark, stored] = await Promise.all([
      countChange(tx),
      tx.objectStore('meta').get('sending').then(readMark),
      getMany(tx.objectStore('entries'), opIds),
      trimLog(tx),
    ])
    const before = withMark(stored.flatMap(readable), mark)
    const events = [...given]
    const delivered: Entry[] = []
    const changed = new Set<string>()
    const entries = before.map((entry) => {
      const next = change(entry)
      if (next === entry) return entry
      changed.add(next.opId)
      issued(tx.objectStore('entries').put(next))
      if (next.state.kind === 'delivered' && entry.state.kind !== 'delivered') delivered.push(next)
      if (next.state.kind === 'dead' && entry.state.kind !== 'dead') events.push(deathOf(next, context.now()))
      return next
    })
    unmark(tx, mark, changed)
    if (delivery) issued(tx.objectStore('meta').put(delivery, 'delivery'))
    if (delivered.length > 0) {
      await dropPayloads(tx, delivered, sealed)
      if (await shredKeyIfUnused(tx)) events.push({ atMs: context.now(), kind: 'key-shredded' })
    }
    appendLog(tx, events)
    return { entries, revision, events }
  }
  const { entries, revision, events } =
    conflicts.size > 0
      ? await context.keys.writeSealed(STORES, (key) => sealConflicts(context, key, conflicts), work, durability)
      : await writeStores(context.connection, STORES, (tx) => work(tx, new Map()), durability)
  context.committed({ revision, opIds: [...opIds] }, events, entries.length === opIds.length ? entries : undefined)
  return entries
}

/** A delivered write keeps nothing but what a member's lists still show of it. */
async function dropPayloads(
  tx: WriteTransaction,
  delivered: readonly Entry[],
  conflicts: ReadonlyMap<string, Content>,
): Promise<void> {
  const contents = tx.objectStore('contents')
  const [shown, gone] = [delivered.filter(showsContent), delivered.filter((entry) => !showsContent(entry))]
  await deleteMany(
    tx,
    'contents',
    gone.map(({ opId }) => opId),
  )
  for (const { opId } of shown) {
    const changes = (await contents.get(opId))?.changes ?? null
    const conflict = conflicts.get(opId) ?? null
    if (changes || conflict) issued(contents.put({ layout: 2, payload: null, changes, conflict }, opId))
    else issued(contents.delete(opId))
  }
}

const readable = (record: unknown): Entry[] => {
  const read = readEntry(record)
  return read.kind === 'entry' ? [read.entry] : []
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
