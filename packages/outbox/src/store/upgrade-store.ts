import type { IDBPDatabase, IDBPTransaction } from 'idb'
import { uuidv7 } from 'uuidv7'
import type { Entry } from '../entry/entry.ts'
import { type EntryOfVersion1, readEntryOfVersion1 } from '../entry/entry-of-version-1.ts'
import { initialCounters } from './meta.ts'
import type { OutboxSchema, StoreNames } from './open-store.ts'

type UpgradeTransaction = IDBPTransaction<OutboxSchema, StoreNames[], 'versionchange'>

/**
 * Brings the store to version 2 in the one transaction of the upgrade: it is done as a whole or not at all. A key cannot
 * be used inside, so what was plain stays plain here and is sealed after the open (`seal-plain.ts`).
 */
export async function upgradeStore(
  database: IDBPDatabase<OutboxSchema>,
  tx: UpgradeTransaction,
  oldVersion: number,
): Promise<void> {
  if (oldVersion < 1) {
    database.createObjectStore('entries', { keyPath: 'opId' }).createIndex('by-state', 'state.kind')
    database.createObjectStore('meta')
    database.createObjectStore('drafts')
  }
  if (oldVersion < 2) {
    database.createObjectStore('contents')
    database.createObjectStore('keys', { keyPath: 'id' })
    database.createObjectStore('quarantine', { keyPath: 'id', autoIncrement: true })
    database.createObjectStore('log', { autoIncrement: true })
  }
  if (oldVersion < 2) {
    await tx.objectStore('meta').put(initialCounters(), 'counters')
    await tx.objectStore('meta').put(uuidv7(), 'store-id')
  }
  if (oldVersion === 1) await bringOver(tx)
}

/** What cannot be read stays as it is, to be quarantined by whoever reads it. */
async function bringOver(tx: UpgradeTransaction): Promise<void> {
  let seq = 1
  // The keys of version 1 were in the order of writing.
  for await (const cursor of tx.objectStore('entries')) {
    const old = readEntryOfVersion1(cursor.value)
    if (!old) continue
    const { entry, payload, changes } = withNumber(old, seq)
    seq += 1
    await cursor.update(entry)
    if (payload !== null || changes !== null) {
      const content = {
        payload: payload === null ? null : { kind: 'plain' as const, value: payload },
        changes: changes === null ? null : { kind: 'plain' as const, value: changes },
      }
      await tx.objectStore('contents').put({ layout: 2, ...content, conflict: null }, entry.opId)
    }
  }
  for await (const cursor of tx.objectStore('drafts')) {
    const old = cursor.value as unknown as { values?: unknown; savedAtMs?: unknown } | null
    if (typeof old?.savedAtMs !== 'number' || typeof old.values !== 'object') continue
    await cursor.update({ layout: 2, content: { kind: 'plain', value: old.values }, savedAtMs: old.savedAtMs })
  }
  await tx.objectStore('meta').put(true, 'has-plain')
}

function withNumber({ entry, payload, changes }: EntryOfVersion1, seq: number) {
  const numbered: Entry = { ...entry, seq }
  return { entry: numbered, payload, changes }
}
