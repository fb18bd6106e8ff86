import type { Entry } from '../entry/entry.ts'
import type { UnsavedEntry } from '../entry/new-entry.ts'
import { readEntry } from '../entry/read-entry.ts'
import { compareOrder } from '../entry/row-order.ts'
import type { SupersededOperation } from '../entry/superseded.ts'
import { isUnsent } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { issued, type WriteTransaction } from './connection.ts'
import { getMany } from './get-many.ts'
import { countChange } from './meta.ts'
import { readMark, withMark } from './sending-mark.ts'
import type { StoreContext } from './store-context.ts'
import { markSuperseded } from './superseded-store.ts'
import { sealWrite } from './write-entries.ts'

const STORES = ['entries', 'meta', 'log', ...SHRED_STORES] as const

export interface UnsavedReplacement {
  remove: readonly string[]
  add: readonly UnsavedEntry[]
  superseded: readonly SupersededOperation[]
}

/**
 * Puts other writes in the place of some that were never sent, in one transaction. The caller holds the drain lock:
 * without it, a drain may carry what it has read and not marked yet.
 *
 * @returns false when one of them may have been sent, or is gone; nothing is changed then
 */
export async function replaceUnsentEntries(
  context: StoreContext,
  { remove, add, superseded }: UnsavedReplacement,
): Promise<boolean> {
  const done = await context.keys.writeSealed(
    STORES,
    (key) => Promise.all(add.map((write) => sealWrite(context, key, write))),
    async (tx, contents) => {
      const removed = await unsentAmong(tx, remove)
      const [first] = [...removed].sort(compareOrder)
      if (removed.length < remove.length || !first) return undefined
      const others = [...add.map(({ entry }) => entry.opId), ...superseded.map(({ opId }) => opId)]
      const known = await Promise.all(others.map((opId) => issued(tx.objectStore('entries').getKey(opId))))
      if (known.some((key) => key !== undefined && !remove.includes(key))) return undefined
      for (const opId of remove) {
        issued(tx.objectStore('entries').delete(opId))
        issued(tx.objectStore('contents').delete(opId))
        const isKept = superseded.some((one) => one.opId === opId) || add.some(({ entry }) => entry.opId === opId)
        if (!isKept) markSuperseded(tx, { opId, by: add[0]?.entry.opId ?? null }, context.now())
      }
      for (const [index, { entry }] of add.entries()) {
        // The same number for all: those of one place go by their ids.
        issued(tx.objectStore('entries').put({ ...entry, seq: first.seq }))
        issued(tx.objectStore('contents').put(contents[index] as (typeof contents)[number], entry.opId))
      }
      for (const one of superseded) markSuperseded(tx, one, context.now())
      const events: SyncEvent[] = [{ atMs: context.now(), kind: 'replaced', count: remove.length, by: add.length }]
      if (add.length === 0 && (await shredKeyIfUnused(tx))) events.push({ atMs: context.now(), kind: 'key-shredded' })
      appendLog(tx, events)
      return { events, revision: (await countChange(tx)).revision }
    },
  )
  if (!done) return false
  const opIds = [...new Set([...remove, ...add.map(({ entry }) => entry.opId)])]
  context.committed({ revision: done.revision, opIds }, done.events)
  return true
}

/** Those of these entries that no request ever carried, as they are now. */
async function unsentAmong(tx: WriteTransaction, opIds: readonly string[]): Promise<Entry[]> {
  const [stored, mark] = await Promise.all([
    getMany<unknown>(tx.objectStore('entries'), opIds),
    tx.objectStore('meta').get('sending').then(readMark),
  ])
  const readable = stored.flatMap((record) => {
    const read = readEntry(record)
    return read.kind === 'entry' ? [read.entry] : []
  })
  return withMark(readable, mark).filter(isUnsent)
}
