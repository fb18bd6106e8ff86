import type { Entry } from '../entry/entry.ts'
import { readEntry } from '../entry/read-entry.ts'
import { compareOrder } from '../entry/row-order.ts'
import { die } from '../entry/transitions.ts'
import { quarantineEntries } from '../quarantine/quarantine-entries.ts'
import type { QuarantineReason } from '../quarantine/quarantined-record.ts'
import { getMany } from './get-many.ts'
import { type DeliveryRecord, readCounters, readDelivery } from './meta.ts'
import { type OutboxDatabase, STORE_VERSION } from './open-store.ts'
import { readMark, type SendingMark, withMark } from './sending-mark.ts'
import type { StoreContext } from './store-context.ts'

/** The queue as a whole as of one revision, read in one transaction. */
export interface QueueSnapshot {
  /** Another one means that the browser deleted the store, and that this one was made anew. */
  storeId: unknown
  revision: number
  delivery: DeliveryRecord
  quarantined: number
  /** In order of writing; undefined where the reader has this revision already. */
  entries: Entry[] | undefined
}

export async function readSnapshot(context: StoreContext, knownRevision?: number): Promise<QueueSnapshot> {
  const { found, ...rest } = await context.connection.use(async (database) => {
    const tx = database.transaction(['entries', 'meta', 'quarantine'])
    const meta = tx.objectStore('meta')
    const [storeId, counters, delivery, mark, quarantined] = await Promise.all([
      meta.get('store-id'),
      meta.get('counters'),
      meta.get('delivery'),
      meta.get('sending'),
      tx.objectStore('quarantine').count(),
    ])
    const { revision } = readCounters(counters)
    const stored = revision === knownRevision ? undefined : await tx.objectStore('entries').getAll()
    const found = stored && readAll(database, stored, readMark(mark))
    return { storeId, revision, delivery: readDelivery(delivery), quarantined, found }
  })
  if (found) await setApart(context, found)
  return { ...rest, entries: found && withoutTorn(found, context.now()) }
}

/** Some entries as they are now; those that are gone are left out. */
export async function readSome(
  context: StoreContext,
  opIds: readonly string[],
): Promise<QueueSnapshot & { entries: Entry[] }> {
  const { found, ...rest } = await context.connection.use(async (database) => {
    const tx = database.transaction(['entries', 'meta', 'quarantine'])
    const meta = tx.objectStore('meta')
    const [storeId, counters, delivery, mark, quarantined, stored] = await Promise.all([
      meta.get('store-id'),
      meta.get('counters'),
      meta.get('delivery'),
      meta.get('sending'),
      tx.objectStore('quarantine').count(),
      getMany(tx.objectStore('entries'), opIds),
    ])
    const { revision } = readCounters(counters)
    const present = stored.filter((entry) => entry !== undefined)
    const found = readAll(database, present, readMark(mark))
    return { storeId, revision, delivery: readDelivery(delivery), quarantined, found }
  })
  await setApart(context, found)
  return { ...rest, entries: withoutTorn(found, context.now()) }
}

/** Waiting and dead ones in order of writing: what decides who may go next. */
export async function readUndelivered(context: StoreContext): Promise<Entry[]> {
  const found = await context.connection.use(async (database) => {
    const index = database.transaction('entries').store.index('by-state')
    const stored = await Promise.all([index.getAll('queued'), index.getAll('sending'), index.getAll('dead')])
    return readAll(database, stored.flat())
  })
  await setApart(context, found)
  return withoutTorn(found, context.now())
}

/** Those that stand or fall with what cannot be read do not go without it, and are told as they are dealt with. */
function withoutTorn({ entries, tornGroups }: Found, nowMs: number): Entry[] {
  if (tornGroups.size === 0) return entries
  return entries.map((entry) =>
    entry.groupId !== null && tornGroups.has(entry.groupId) ? die(entry, 'group_failed', nowMs) : entry,
  )
}

/** Whether anything waits for delivery, without reading it. */
export function hasWaiting({ connection }: StoreContext): Promise<boolean> {
  return connection.use(async (database) => {
    const index = database.transaction('entries').store.index('by-state')
    const keys = await Promise.all([index.getKey('queued'), index.getKey('sending')])
    return keys.some((key) => key !== undefined)
  })
}

interface Found {
  entries: Entry[]
  unreadable: Map<string, QuarantineReason>
  /** Groups of which one is unreadable. */
  tornGroups: Set<string>
}

function readAll(database: OutboxDatabase, stored: readonly unknown[], mark?: SendingMark): Found {
  const entries: Entry[] = []
  const unreadable = new Map<string, QuarantineReason>()
  const tornGroups = new Set<string>()
  for (const record of stored) {
    const read = readEntry(record)
    if (read.kind === 'entry') entries.push(read.entry)
    // Records of a newer version are for that version, which is at work here too: we leave them where they are.
    else if (!(database.version > STORE_VERSION && (read.layout ?? 0) > STORE_VERSION)) {
      unreadable.set((record as { opId: string }).opId, read.reason)
      const { groupId } = record as { groupId?: unknown }
      if (typeof groupId === 'string') tornGroups.add(groupId)
    }
  }
  return { entries: withMark(entries, mark).sort(compareOrder), unreadable, tornGroups }
}

/** What cannot be read is put aside, so that it stops nobody. On a full disk it stays where it is, and stops nobody either. */
async function setApart(context: StoreContext, { unreadable }: Found): Promise<void> {
  if (unreadable.size > 0) await quarantineEntries(context, unreadable).catch(() => {})
}
