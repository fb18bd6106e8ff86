import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Entry } from '../entry/entry.ts'
import { asUnavailable, OutboxUnavailableError } from './errors.ts'
import { withTimeout } from './with-timeout.ts'

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

/** Some browsers never answer when storage is broken; then a form must not wait for ever. */
const OPEN_WITHIN_MS = 8_000

export const storeName = (queue: string) => `landfall-outbox-${queue}`

/**
 * Opens the store of a queue, making it when it is missing. A tab of an older version gives way: it closes its
 * connection and opens again on its next use.
 *
 * @throws OutboxUnavailableError when this browser stores nothing
 */
export async function openStore(queue: string, onLost: () => void): Promise<OutboxDatabase> {
  try {
    const opening = openDB<OutboxSchema>(storeName(queue), VERSION, {
      upgrade(db, oldVersion) {
        if (oldVersion < 1) {
          db.createObjectStore('entries', { keyPath: 'opId' }).createIndex('by-state', 'state.kind')
          db.createObjectStore('meta')
          db.createObjectStore('drafts')
        }
      },
      blocking() {
        onLost()
        void opening.then((database) => database.close())
      },
      // Safari ends connections of pages in the background; the next use opens a new one.
      terminated: onLost,
    })
    return await withTimeout(opening, OPEN_WITHIN_MS, () => new OutboxUnavailableError('failed', 'no answer'))
  } catch (error) {
    throw asUnavailable(error)
  }
}
