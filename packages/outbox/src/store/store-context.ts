import type { Entry } from '../entry/entry.ts'
import type { SyncEvent } from '../log/sync-event.ts'
import type { KeyRing } from '../sealing/key-ring.ts'
import type { StoreConnection } from './connection.ts'

/** What changed in one transaction. `revision` numbers them without a gap, so that a reader knows when it missed one. */
export interface Change {
  revision: number
  opIds: string[]
}

/** What the modules of the store share. */
export interface StoreContext {
  queue: string
  connection: StoreConnection
  keys: KeyRing
  now(): number
  /**
   * Called when a transaction is complete, never before. `entries` are those of the change as they are now, where it is
   * known without reading.
   */
  committed(change: Change | null, events: readonly SyncEvent[], entries?: readonly Entry[]): void
  /** The same in the next task, or before anything later is told. */
  committedSoon(change: Change, events: readonly SyncEvent[], entries?: readonly Entry[]): void
}
