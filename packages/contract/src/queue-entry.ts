import type { Operation } from './operation.ts'
import type { OperationResult, RejectionReason } from './outcome.ts'

/** By field: what stands on the server, and what gave way to it. */
export type ConflictValues = NonNullable<Extract<OperationResult, { outcome: 'conflict' }>['values']>

/**
 * What the outbox tells its readers of one entry. PGlite mirrors it as `sync_operations`, keyed by `opId`; it holds no
 * payload of a visitor's lead.
 */
export interface QueueEntryView {
  opId: string
  groupId: string | null
  entity: string
  entityId: string
  action: Operation['action']
  /** Version of the row that an edit started from. */
  baseVersion: number | null
  state: 'queued' | 'sending' | 'delivered' | 'dead'
  /** What the entry is called in a list: no personal data. */
  label: string
  /** Changed fields of a member's edit, so that a view can show it before it is confirmed; null for visitors. */
  changes: Record<string, unknown> | null
  capturedAt: string
  attempts: number
  nextAttemptAt: string | null
  deliveredAt: string | null
  txid: number | null
  /** Version of the row that the write made: a row of a shape that has it, or a later one, holds the write. */
  version: number | null
  /** Fields of a member's edit that met somebody else's; null when there was none. */
  conflict: ConflictValues | null
  reason: RejectionReason | null
}
