import type { FieldProblems, Operation, QueueEntryView } from '@landfall/contract'

/** One write, as the queue delivers it. Keys of `payload` are the properties of the Drizzle model. */
export interface OperationWrite extends Pick<Operation, 'opId' | 'entity' | 'action' | 'entityId' | 'capturedAt'> {
  /** Operations of one group stand or fall together. */
  groupId?: string
  /** Version of the row that the edit started from. */
  baseVersion?: number
  formVersion?: number
  /** What lists call it; no personal data. */
  label: string
  payload: Record<string, unknown>
  /** What readers of the queue are shown of it before it is confirmed. */
  changes?: Record<string, unknown>
}

/** An operation that left the queue otherwise than by delivery, and what took its place; null: nothing did. */
export interface SupersededOperation {
  opId: string
  by: string | null
}

/** The queue as of one revision. */
export interface QueueSnapshot {
  /** Grows with every change of the queue, in the transaction that makes it. */
  revision: number
  /** In the order of writing. */
  entries: QueueEntryView[]
  /** Those of the operations asked about that the queue had, or was told of, and does not hold any more. */
  superseded: SupersededOperation[]
}

export interface Replacement {
  /** Operations that the queue holds, and that no request ever carried. */
  remove: readonly string[]
  /** Takes the place in the order of the first that is removed. */
  add: readonly OperationWrite[]
  /** Operations that the queue never held, and that are dealt with by this. */
  superseded?: readonly SupersededOperation[]
}

/** What becomes of an operation that was never sent when the schema is made anew. */
export type Rewrite =
  | { kind: 'unchanged' }
  | { kind: 'rewritten'; write: Pick<OperationWrite, 'entity' | 'payload' | 'changes'> }
  /** It has no meaning any more: a dead letter that keeps its values. `detail` is for the log and holds no personal data. */
  | { kind: 'outdated'; detail: string }

export interface RewriteCounts {
  rewritten: number
  outdated: number
}

/**
 * What the local database needs of the outbox. The outbox is the truth about every operation that it holds or held; each
 * method that changes it is one transaction, on disk when it resolves.
 */
export interface OperationQueue {
  /** The queue as it is on disk now; `about` names operations that may have left it. */
  readSnapshot(about?: readonly string[]): Promise<QueueSnapshot>
  /**
   * Puts writes into the queue in this order, all or none. One that is there already, waiting, delivered or dead, stays as
   * it is, and one that is superseded does not come back.
   *
   * @param superseded operations that the queue never held, and that are dealt with by this
   * @throws RangeError for a group or an operation that no request takes
   * @throws Error when the device could not store it, or one of `superseded` is in the queue; nothing is saved then
   */
  put(writes: readonly OperationWrite[], superseded?: readonly SupersededOperation[]): Promise<void>
  /**
   * Puts other writes in the place of some that were never sent, all or none.
   *
   * @returns false when one of them was sent, may have been, is being sent, or is gone: nothing is changed then
   */
  replaceUnsent(replacement: Replacement): Promise<boolean>
  /**
   * Takes back operations that no request ever carried, all or none.
   *
   * @returns false when one of them may have been sent: nothing is changed then
   */
  withdrawUnsent(opIds: readonly string[]): Promise<boolean>
  /** Rewrites what was never sent, in one transaction, and leaves alone what may have been. May be repeated. */
  rewriteUnsent(rewrite: (write: OperationWrite) => Rewrite): Promise<RewriteCounts>
  /** Lets go of a dead letter. */
  discard(opId: string): Promise<void>
  /** What the server found wrong with the fields of a dead letter. */
  problemsOf(opId: string): Promise<FieldProblems>
  /** Calls back after every change, of any tab. */
  subscribe(listener: () => void): () => void
  /** Tries to deliver now. Never rejects. */
  flush(options?: { urgency?: 'when-due' | 'eager' | 'now' }): Promise<unknown>
}
