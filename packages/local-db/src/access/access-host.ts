import type { OperationQueue } from '../reconcile/operation-queue.ts'
import type { Connection } from './connection.ts'

/** The part of `Reconciler` that writing needs. */
export interface AccessReconciler {
  /** Brings the outbox and `sync_operations` together, both ways. When it resolves, the views show it. */
  reconcileNow(): Promise<{ refused: readonly { opId: string; error: Error }[] }>
  /** Takes back operations that the outbox never got. Resolves with false when it has one of them meanwhile. */
  giveUp(opIds: readonly string[]): Promise<boolean>
}

/** What the typed access stands on. A page's `TabDatabase` is one; a test makes its own. */
export interface AccessHost {
  /**
   * The present connection. Waits while the database is opened or another worker takes over, and rejects once it is closed.
   */
  pg(): Promise<Connection>
  /** Calls back at once when every connection handed out before is void. Returns the end of listening. */
  onReconnect(listener: () => void): () => void
  /** The outbox of the database's owner; absent where nothing is ever written. */
  queue?: OperationQueue | undefined
  /** Absent with the queue. */
  reconciler?: AccessReconciler | undefined
  /** Whether the device has a network, as far as it knows. `navigator.onLine` unless given. */
  isOnline?: () => boolean
}
