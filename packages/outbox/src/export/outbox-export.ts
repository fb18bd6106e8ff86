import type { FieldProblems, RejectionReason } from '@landfall/contract'
import type { SyncEvent } from '../log/sync-event.ts'
import type { QuarantinedRecord } from '../quarantine/quarantined-record.ts'

export const OUTBOX_EXPORT_FORMAT = 'landfall-outbox-export'
export const OUTBOX_EXPORT_VERSION = 1

/** A write that the server rejected, with everything a person needs to do it again elsewhere. */
export interface ExportedDeadLetter {
  opId: string
  entity: string
  action: 'insert' | 'update' | 'delete'
  entityId: string
  label: string
  formVersion: number | null
  /** ISO 8601 in UTC, both. */
  capturedAt: string
  rejectedAt: string
  reason: RejectionReason
  fields: FieldProblems | null
  detail: string | null
  /** Finds the request in the server's logs. */
  correlationId: string | null
  /** What was written; null when it cannot be read any more. */
  payload: Record<string, unknown> | null
}

/**
 * What a person takes along of what could not be delivered. Plain data: `JSON.stringify` loses nothing of it. Bytes stand
 * as `{ base64 }`.
 */
export interface OutboxExport {
  format: typeof OUTBOX_EXPORT_FORMAT
  version: typeof OUTBOX_EXPORT_VERSION
  /** ISO 8601 in UTC. */
  exportedAt: string
  queue: string
  tenantId: string
  deadLetters: ExportedDeadLetter[]
  /** As they were found, and `payload` where it could still be opened. */
  quarantined: (QuarantinedRecord & { payload: Record<string, unknown> | null })[]
  log: SyncEvent[]
}
