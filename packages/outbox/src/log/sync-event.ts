import type { Outcome, RejectionReason } from '@landfall/contract'
import type { QuarantineReason } from '../quarantine/quarantined-record.ts'

/**
 * One line of what the queue did. Counts, times, states and ids only: nothing that anybody wrote. `atMs` is the device's
 * clock; `correlationId` is what the request carried, and the server's log lines too.
 */
export type SyncEvent = { atMs: number } & (
  | { kind: 'enqueued'; count: number }
  | { kind: 'sent'; correlationId: string; count: number; isKeepalive: boolean }
  | { kind: 'answered'; correlationId: string; outcomes: Partial<Record<Outcome, number>> }
  /** Nobody answered for the operations of the batch: they wait again. `status` is null when there was no answer at all. */
  | { kind: 'gave-back'; correlationId: string; count: number; status: number | null; untilMs: number }
  | { kind: 'dead'; correlationId: string | null; opId: string; reason: RejectionReason }
  | { kind: 'resent'; opId: string; asOpId: string }
  | { kind: 'discarded'; opId: string }
  /** Writes that were never sent gave way to others, or were taken back. */
  | { kind: 'replaced'; count: number; by: number }
  | { kind: 'quarantined'; reason: QuarantineReason; count: number }
  /** What an earlier version had stored in plain is sealed now. */
  | { kind: 'sealed-upgrade'; count: number }
  /** Nothing sealed was left, so the key went: what the disk may still hold of it is unreadable. */
  | { kind: 'key-shredded' }
)
