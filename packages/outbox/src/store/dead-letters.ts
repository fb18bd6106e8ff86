import { uuidv7 } from 'uuidv7'
import type { Entry } from '../entry/entry.ts'
import { operationBytes } from '../entry/operation-bytes.ts'
import { readEntry } from '../entry/read-entry.ts'
import { reviveAs } from '../entry/transitions.ts'
import { appendLog } from '../log/log-lines.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import { openPayloads, openShown } from '../sealing/open-contents.ts'
import { SHRED_STORES, shredKeyIfUnused } from '../sealing/shred.ts'
import { toJson } from '../sealing/to-json.ts'
import { issued, type WriteTransaction, writeStores } from './connection.ts'
import { countChange } from './meta.ts'
import type { StoreContext } from './store-context.ts'
import { markSuperseded } from './superseded-store.ts'
import { sealWrite } from './write-entries.ts'

const STORES = ['entries', 'meta', 'log', ...SHRED_STORES] as const

/**
 * Puts a dead letter back into the queue as a new operation, corrected or as it was. Looked at and changed in one
 * transaction, so that two clicks cannot both find it dead.
 *
 * Who corrects a write wants it: that they had taken its row back before is outdated, and goes. What they had changed of
 * it stays, and follows.
 *
 * @returns the new entry, or undefined when it is no dead letter any more
 */
export async function reviveDeadLetter(
  context: StoreContext,
  opId: string,
  correction?: Record<string, unknown>,
): Promise<Entry | undefined> {
  const [opened, shown] = await Promise.all([openPayloads(context, [opId]), openShown(context, [opId])])
  const before = opened.get(opId)
  const payload = correction ?? (before?.kind === 'opened' ? before.payload : undefined)
  if (!payload) return undefined
  const asOpId = uuidv7()
  const changes = shown.get(opId)?.changes ?? null
  const done = await context.keys.writeSealed(
    STORES,
    (key) => sealWrite(context, key, { entry: { opId: asOpId }, payload, changes }),
    async (tx, content) => {
      const entry = await deadLetter(tx, opId)
      if (!entry) return undefined
      const again = reviveAs(entry, asOpId, operationBytes({ ...entry, opId: asOpId }, toJson(payload)), context.now())
      const outdated = correction && entry.action === 'insert' ? await withdrawalsBehind(tx, entry) : []
      const events: SyncEvent[] = [
        { atMs: context.now(), kind: 'resent', opId, asOpId },
        ...outdated.map((gone): SyncEvent => ({ atMs: context.now(), kind: 'discarded', opId: gone })),
      ]
      await Promise.all([
        ...outdated.flatMap((gone) => [
          issued(tx.objectStore('entries').delete(gone)),
          issued(tx.objectStore('contents').delete(gone)),
        ]),
        issued(tx.objectStore('entries').delete(opId)),
        issued(tx.objectStore('contents').delete(opId)),
        issued(tx.objectStore('entries').put(again)),
        issued(tx.objectStore('contents').put(content, asOpId)),
      ])
      markSuperseded(tx, { opId, by: asOpId }, context.now())
      for (const gone of outdated) markSuperseded(tx, { opId: gone, by: null }, context.now())
      appendLog(tx, events)
      return { again, events, opIds: [opId, asOpId, ...outdated], revision: (await countChange(tx)).revision }
    },
  )
  if (done) context.committed({ revision: done.revision, opIds: done.opIds }, done.events)
  return done?.again
}

/** Removes a dead letter with what was written. */
export async function discardDeadLetter(context: StoreContext, opId: string): Promise<void> {
  const done = await writeStores(context.connection, STORES, async (tx) => {
    if (!(await deadLetter(tx, opId))) return undefined
    const events: SyncEvent[] = [{ atMs: context.now(), kind: 'discarded', opId }]
    await Promise.all([tx.objectStore('entries').delete(opId), tx.objectStore('contents').delete(opId)])
    markSuperseded(tx, { opId, by: null }, context.now())
    if (await shredKeyIfUnused(tx)) events.push({ atMs: context.now(), kind: 'key-shredded' })
    appendLog(tx, events)
    return { events, revision: (await countChange(tx)).revision }
  })
  if (done) context.committed({ revision: done.revision, opIds: [opId] }, done.events)
}

async function deadLetter(tx: WriteTransaction, opId: string): Promise<Entry | undefined> {
  const read = readEntry(await tx.objectStore('entries').get(opId))
  return read.kind === 'entry' && read.entry.state.kind === 'dead' ? read.entry : undefined
}

/** Operation ids of deletions that wait behind an entry of the same row. */
async function withdrawalsBehind(tx: WriteTransaction, { entity, entityId, seq }: Entry): Promise<string[]> {
  const queued = await tx.objectStore('entries').index('by-state').getAll('queued')
  return queued.flatMap((record) => {
    const read = readEntry(record)
    if (read.kind !== 'entry' || read.entry.action !== 'delete') return []
    const isBehind = read.entry.entity === entity && read.entry.entityId === entityId && read.entry.seq > seq
    return isBehind ? [read.entry.opId] : []
  })
}
