import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

/** Where the operations of a queue go. The service worker finds here what it drains with no page open. */
export interface QueueRecord {
  /** Tenant id; names the queue's database, lock, channel and sync tag. */
  queue: string
  /** `visitor`: proven by the device's key. `member`: proven by the session cookie. */
  kind: 'visitor' | 'member'
  /** Path of the batch route on this origin. */
  endpoint: string
}

interface DirectorySchema extends DBSchema {
  queues: { key: string; value: QueueRecord }
}

function open(): Promise<IDBPDatabase<DirectorySchema>> {
  return openDB<DirectorySchema>('landfall-queues', 1, {
    upgrade(db) {
      db.createObjectStore('queues', { keyPath: 'queue' })
    },
  })
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

export async function unregisterQueue(queue: string): Promise<void> {
  const db = await open()
  try {
    await db.delete('queues', queue)
  } finally {
    db.close()
  }
}
