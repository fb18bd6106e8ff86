import type { ConflictValues, Operation } from '@landfall/contract'

/** `optimistic` resolves when the device has it on disk, `confirmed` when the server has applied it. */
export type WriteMode = 'optimistic' | 'confirmed'

export interface WriteOptions {
  /** That of the entities written, unless given. */
  mode?: WriteMode
  /** What the write is called in lists of what waits; no personal data. */
  label?: string
  /**
   * Version of the rows that the person had on the screen when they decided. A row that has moved on meanwhile is then met
   * by a conflict instead of being overwritten unseen; without it the version of the moment of writing counts.
   */
  seenVersion?: number
  /** How long a confirmed write waits for the server's answer, in milliseconds; 20 s unless given. */
  timeoutMs?: number
  /** Before the commit it takes back what was written; then it ends the wait of a confirmed write. */
  signal?: AbortSignal
  /** What a confirmed write does on a device without network: `reject`, unless told to `wait`. */
  whenOffline?: 'reject' | 'wait'
}

/** One row that a write changed. */
export interface WrittenOperation {
  opId: string
  entity: string
  entityId: string
  action: Operation['action']
}

/** The server's word that it applied an operation. */
export interface Confirmation {
  opId: string
  /** Transaction on the server, for `awaitSynced`; null where nothing had to be sent or it is long since. */
  txid: number | null
  /** Version that the row got. */
  version: number | null
  /** Fields in which somebody else's write met this one; null when there was none. */
  conflict: ConflictValues | null
}

export interface WriteResult<T> {
  /** What the work returned. */
  value: T
  /** In the order of writing. */
  operations: readonly WrittenOperation[]
  /**
   * Resolves when the server applied all of it, with one for each operation; begins to watch when it is first asked for.
   * Rejects with `WriteRejectedError` when the server refused it, which leaves a dead letter of an optimistic write, and
   * with `WriteTakenBackError` when it was cancelled on the device.
   */
  readonly confirmed: Promise<readonly Confirmation[]>
}
