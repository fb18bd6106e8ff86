import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Entry } from '../entry/entry.ts'
import { asUnavailable } from './errors.ts'

/** What stands in the database `landfall-outbox-<tenant id>`. */
export interface OutboxSchema extends DBSchema {
  entries: { key: string; value: Entry; indexes: { 'by-state': string } }
  /** `identity` of the device, `delivery` of the queue. */
  meta: { key: string; value: unknown }
  /** Half-filled forms by form id. */
  drafts: { key: string; value: { values: Record<string, unknown>; savedAtMs: number } }
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>

const VERSION = 1

export const storeName = (queue: string) => `landfall-outbox-${queue}`

/**
 * Opens the store of a queue, making it when it is missing. A tab of an older version gives way: it closes its
 * connection and opens again on its next use.
 *
 * @throws OutboxUnavailableError when this browser stores nothing
 */
export async function openStore(queue: string, onLost: () => void): Promise<OutboxDatabase> {
  try {
    const database = await openDB<OutboxSchema>(storeName(queue), VERSION, {
      upgrade(db, oldVersion) {
        if (oldVersion < 1) {
          db.createObjectStore('entries', { keyPath: 'opId' }).createIndex('by-state', 'state.kind')
          db.createObjectStore('meta')
          db.createObjectStore('drafts')
        }
      },
      blocking() {
        database.close()
        onLost()
      },
      // Safari ends connections of pages in the background; the next use opens a new one.
      terminated: onLost,
    })
    return database
  } catch (error) {
    throw asUnavailable(error)
  }
}
