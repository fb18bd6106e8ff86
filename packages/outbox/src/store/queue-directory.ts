import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import { OutboxUnavailableError } from './errors.ts'
import { OPEN_WITHIN_MS, storeName } from './open-store.ts'
import { withTimeout } from './with-timeout.ts'

/** Where the operations of a queue go. The service worker finds here what it drains with no page open. */
export interface QueueRecord {
  /** Names the queue's database, lock, channel and sync tag: the tenant's id, and a member's id with it. */
  queue: string
  /** Whose data the queue's are. */
  tenantId: string
  /** `visitor`: proven by the device's key. `member`: proven by the session cookie. */
  kind: 'visitor' | 'member'
  /** Path of the batch route on this origin. */
  endpoint: string
}

interface DirectorySchema extends DBSchema {
  queues: { key: string; value: QueueRecord }
}

async function open(): Promise<IDBPDatabase<DirectorySchema>> {
  const opening = openDB<DirectorySchema>('landfall-queues', 1, {
    upgrade(db) {
      db.createObjectStore('queues', { keyPath: 'queue' })
    },
  })
  try {
    return await withTimeout(opening, OPEN_WITHIN_MS, () => new OutboxUnavailableError('failed', 'no answer'))
  } catch (error) {
    // One that comes after all is nobody's.
    opening.then(
      (db) => db.close(),
      () => {},
    )
    throw error
  }
}

export async function registerQueue(record: QueueRecord): Promise<void> {
  const db = await open()
  try {
    await db.put('queues', record)
  } finally {
    db.close()
  }
}

/** Queues of this origin. */
export async function listQueues(): Promise<QueueRecord[]> {
  const db = await open()
  try {
    return await db.getAll('queues')
  } finally {
    db.close()
  }
}

/** Deletes a queue and everything in it, without opening it; for an owner who leaves this device. */
export async function deleteQueue(queue: string): Promise<void> {
  await deleteDB(storeName(queue))
  await unregisterQueue(queue)
}

export async function unregisterQueue(queue: string): Promise<void> {
  const db = await open()
  try {
    await db.delete('queues', queue)
  } finally {
    db.close()
  }
}
