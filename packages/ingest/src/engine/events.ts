import type { Operation, OperationResult, RejectionReason, SpamReason } from '@landfall/contract'

type Outcome = OperationResult['outcome']

/** How an operation reached the database: in a statement shared with its like, by itself, or not at all. */
export type OperationPath = 'shared' | 'alone' | 'none'

/** What the engine tells of each operation once its batch is committed, for logs and metrics. No personal data. */
export interface OperationEvent {
  requestId: string
  opId: string
  /** `unknown` when the operation was too malformed to tell, and for what no handler knows: a caller makes up no label. */
  entity: string
  action: Operation['action'] | 'unknown'
  outcome: Outcome
  /** For `rejected`. */
  reason?: RejectionReason
  /** For an insert that was set apart. */
  spamReasons?: readonly SpamReason[]
  path: OperationPath
  /** Its share of the time that its statement took, in milliseconds; 0 for what was answered from the ledger. */
  durationMs: number
  /** From the device's capture (skew taken off) to our receipt, in milliseconds: how long it waited in a queue. */
  queuedMs?: number
  /** What the database or a handler threw, for `retry` and for content that can't be stored. */
  error?: unknown
}

/** What the engine tells of a whole batch, also of one that failed. */
export interface BatchEvent {
  requestId: string
  operations: number
  durationMs: number
  /** How often the whole transaction was begun again. */
  retries: number
  /** SQLSTATE, or `connection`, of each attempt that died. */
  attemptErrors: readonly string[]
  /** How many operations ended so; all 0 when nothing could be committed. */
  outcomes: Readonly<Record<Outcome, number>>
  /** Set when nothing could be committed; the engine throws it as well. */
  error?: unknown
}

export type OnOperation = (event: OperationEvent) => void
export type OnBatch = (event: BatchEvent) => void
