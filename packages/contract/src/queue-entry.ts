import type { Operation } from './operation.ts'
import type { RejectionReason } from './outcome.ts'

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
  reason: RejectionReason | null
}
