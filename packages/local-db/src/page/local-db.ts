import type { LiveNamespace } from '@electric-sql/pglite/live'
import type { PGliteWorker } from '@electric-sql/pglite/worker'
import type { QueueEntryView } from '@landfall/contract'
import type { Access } from '../access/create-access.ts'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'

export interface LocalDbOptions {
  /** Names the database and its locks: letters, digits, `-`, `_`. */
  tenantId: string
  /** URL of the manifest's `worker`. The files it loads lie beside it. */
  workerUrl: string
  shapes: ShapeConfig[]
}

export type PGliteOfTab = PGliteWorker & { live: LiveNamespace }

export interface ReconcileOptions {
  /**
   * Grows with every change of the outbox, e.g. a counter kept in its own IndexedDB transactions. A snapshot older than
   * the last applied is ignored, so two tabs may reconcile at once. Without it the last caller wins.
   */
  revision?: number
}

/** A tab's hold on the tenant's database. */
export interface LocalDb extends Access {
  pg: PGliteOfTab
  /**
   * Makes `sync_operations` equal to what `read` finds in the outbox, which is the truth: call it at start and after
   * every change. Reading and writing are one step under a lock of all tabs, so no older snapshot can land on a newer one.
   */
  reconcileFrom(read: () => Promise<readonly QueueEntryView[]>): Promise<void>
  /** The same for entries already read. Two tabs that call it at once need `revision`. */
  reconcile(entries: readonly QueueEntryView[], options?: ReconcileOptions): Promise<void>
  /** Gives new URLs or headers to the streams, e.g. after signing in again. Holds for all tabs. */
  configure(shapes: ShapeConfig[]): void
  subscribeStatus(listener: () => void): () => void
  getStatus(): LocalDbStatus
  /** Calls back when another worker took over the database: prepared statements and live queries are gone. */
  onTakeover(listener: () => void): () => void
  /** Lets go of this tab's hold; the database stays open for the others. */
  close(): Promise<void>
  /** Deletes the database of this tenant for all tabs, and closes. */
  wipe(): Promise<void>
}
