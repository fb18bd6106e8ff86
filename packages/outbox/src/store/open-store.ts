import { type DBSchema, type IDBPDatabase, openDB, type StoreNames as StoreNamesOf } from 'idb'
import type { Entry } from '../entry/entry.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { QuarantinedRecord } from '../quarantine/quarantined-record.ts'
import type { Content, ContentRecord } from '../sealing/content.ts'
import type { SealingKey } from '../sealing/seal.ts'
import { asUnavailable, OutboxUnavailableError } from './errors.ts'
import { upgradeStore } from './upgrade-store.ts'
import { withTimeout } from './with-timeout.ts'

export interface DraftRecord {
  layout: 2
  content: Content
  /** Device clock, in milliseconds since 1970. */
  savedAtMs: number
}

/** What stands in the database `landfall-outbox-<queue>`, version 2. */
export interface OutboxSchema extends DBSchema {
  /** Heads of the writes: everything but what was written. */
  entries: { key: string; value: Entry; indexes: { 'by-state': string } }
  /** What was written, sealed, by operation id; apart, so that lists need neither bytes nor key. */
  contents: { key: string; value: ContentRecord }
  /** Half-filled forms by form id. */
  drafts: { key: string; value: DraftRecord }
  /** The one key of this queue, or none. */
  keys: { key: string; value: SealingKey }
  /** `identity`, `delivery`, `counters`, `clock`, `has-plain`; see `meta.ts`. */
  meta: { key: string; value: unknown }
  quarantine: { key: number; value: Omit<QuarantinedRecord, 'id'> & { id?: number } }
  log: { key: number; value: SyncEvent }
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>
export type StoreNames = StoreNamesOf<OutboxSchema>

export const STORE_VERSION = 2

const STORES: readonly StoreNames[] = ['entries', 'contents', 'drafts', 'keys', 'meta', 'quarantine', 'log']

/** Some browsers never answer when storage is broken; then a form must not wait for ever. */
export const OPEN_WITHIN_MS = 8_000

export const storeName = (queue: string) => `landfall-outbox-${queue}`

/**
 * Opens the store of a queue, making it when it is missing. A tab of an older version gives way: it closes its
 * connection and opens again on its next use. A store of a newer version is used as it is when it holds all of ours.
 *
 * @throws OutboxUnavailableError when this browser stores nothing, or a newer version of ours is at work
 */
export async function openStore(queue: string, onLost: () => void): Promise<OutboxDatabase> {
  try {
    return await openWithin(queue, STORE_VERSION, onLost)
  } catch (error) {
    if ((error as Error | undefined)?.name !== 'VersionError') throw asUnavailable(error)
    return openNewer(queue, onLost)
  }
}

async function openNewer(queue: string, onLost: () => void): Promise<OutboxDatabase> {
  const database = await openWithin(queue, undefined, onLost).catch((error: unknown) => {
    throw asUnavailable(error)
  })
  if (holdsOurs(database)) return database
  database.close()
  throw new OutboxUnavailableError('newer', `version ${database.version}`)
}

function holdsOurs(database: OutboxDatabase): boolean {
  if (!STORES.every((name) => database.objectStoreNames.contains(name))) return false
  return database.transaction('entries').store.indexNames.contains('by-state')
}

async function openWithin(queue: string, version: number | undefined, onLost: () => void): Promise<OutboxDatabase> {
  let upgradeFailure: unknown
  const opening = openDB<OutboxSchema>(storeName(queue), version, {
    async upgrade(database, oldVersion, _newVersion, tx) {
      try {
        await upgradeStore(database, tx, oldVersion)
      } catch (error) {
        // Without this, what was done so far would be kept, and the rest would never be brought over.
        upgradeFailure = error
        tx.done.catch(() => {})
        abort(tx)
      }
    },
    blocking() {
      onLost()
      void opening.then((database) => database.close())
    },
    // Safari ends connections of pages in the background; the next use opens a new one.
    terminated: onLost,
  })
  try {
    return await withTimeout(opening, OPEN_WITHIN_MS, () => new OutboxUnavailableError('failed', 'no answer'))
  } catch (error) {
    // One that comes after all would stand in the way of every later version, and nobody would close it.
    opening.then(
      (database) => database.close(),
      () => {},
    )
    throw upgradeFailure ?? error
  }
}

function abort(tx: { abort(): void }): void {
  try {
    tx.abort()
  } catch {
    // Its own failure has ended it already.
  }
}
