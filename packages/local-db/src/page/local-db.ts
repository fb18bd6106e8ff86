import type { LiveNamespace } from '@electric-sql/pglite/live'
import type { PGliteWorker } from '@electric-sql/pglite/worker'
import type { QueueEntryView } from '@landfall/contract'
import type { Access } from '../access/create-access.ts'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import type { OperationQueue } from '../reconcile/operation-queue.ts'
import type { DeviceStorage } from './device-storage.ts'

export interface LocalDbOptions {
  /**
   * Whose database it is: the name of the outbox' queue, `<tenantId>` for visitors and `<tenantId>.<userId>` for members.
   * Letters, digits, `-`, `_`, `.`.
   */
  owner: string
  /** URL of the manifest's `worker`. The files it loads lie beside it. */
  workerUrl: string
  shapes: ShapeConfig[]
  /** The owner's outbox. Without it nothing can be written, and `reconcile` is the caller's to call. */
  queue?: OperationQueue | undefined
  /** How long a stored database may take to open before it is set aside; 30 s unless given. */
  openWithinMs?: number
}

export type PGliteOfTab = PGliteWorker & { live: LiveNamespace }

export interface ReconcileOptions {
  /**
   * Grows with every change of the outbox, e.g. a counter kept in its own IndexedDB transactions. A snapshot older than
   * the last applied is ignored, so two tabs may reconcile at once. Without it the last caller wins.
   */
  revision?: number
}

/** A tab's hold on the owner's database. */
export interface LocalDb extends Access {
  /** The connection to the worker that leads now; another after every `onTakeover`. */
  readonly pg: PGliteOfTab
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
  /** What the database takes of this device, and what the browser may take away. */
  storage(): Promise<DeviceStorage>
  /** Calls back when the worker is gone that had the database: prepared statements and live queries of `pg` are void. */
  onTakeover(listener: () => void): () => void
  /** Lets go of this tab's hold; the database stays open for the others. */
  close(): Promise<void>
  /** Deletes the owner's database for all tabs, all generations of it, and closes. */
  wipe(): Promise<void>
}
