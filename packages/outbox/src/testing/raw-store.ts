import { openDB } from 'idb'
import { storeName } from '../store/open-store.ts'

/** The database as it lies there, past everything of ours. */
export async function withRawStore<T>(
  queue: string,
  work: (database: Awaited<ReturnType<typeof openDB>>) => Promise<T>,
): Promise<T> {
  const database = await openDB(storeName(queue))
  try {
    return await work(database)
  } finally {
    database.close()
  }
}

/** Every record of every store, bytes as text: what somebody finds who reads the disk. */
export function dumpRawStore(queue: string): Promise<string> {
  return withRawStore(queue, async (database) => {
    const stores = await Promise.all([...database.objectStoreNames].map((name) => database.getAll(name)))
    return JSON.stringify(stores, (_name, value: unknown) => {
      if (value instanceof ArrayBuffer) return Buffer.from(value).toString('latin1')
      if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
      return value
    })
  })
}

/** Key ids that stand in the store. */
export function rawKeyIds(queue: string): Promise<IDBValidKey[]> {
  return withRawStore(queue, (database) => database.getAllKeys('keys'))
}

/** A store as version 1 of this package left it, with what stood in it in plain. */
export async function makeStoreOfVersion1(
  queue: string,
  { entries = [], drafts = {} }: { entries?: unknown[]; drafts?: Record<string, unknown> },
): Promise<void> {
  const database = await openDB(storeName(queue), 1, {
    upgrade(db) {
      db.createObjectStore('entries', { keyPath: 'opId' }).createIndex('by-state', 'state.kind')
      db.createObjectStore('meta')
      db.createObjectStore('drafts')
    },
  })
  for (const entry of entries) await database.put('entries', entry)
  for (const [formId, draft] of Object.entries(drafts)) await database.put('drafts', draft, formId)
  database.close()
}

export function entryOfVersion1(opId: string, name: string, changes: Record<string, unknown> = {}) {
  return {
    layout: 1,
    opId,
    groupId: null,
    entity: 'lead',
    action: 'insert',
    entityId: opId,
    baseVersion: null,
    formVersion: 1,
    capturedAt: '2026-01-01T00:00:00.000Z',
    label: 'Ask us',
    changes: null,
    payload: { values: { name } },
    state: { kind: 'queued', attempts: 0, notBeforeMs: 0, lastProblem: null },
    ...changes,
  }
}
