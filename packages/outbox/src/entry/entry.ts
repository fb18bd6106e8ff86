import type { ConflictValues, FieldProblems, OperationResult, RejectionReason } from '@landfall/contract'

/**
 * States of an entry. Only `queued → …` and the answer of the server move it; nothing but a person removes a dead one.
 *
 * ```
 *              enqueue (strict put)
 *                    │
 *                    ▼   drainer takes it
 *                 queued ───────────────► sending
 *                    ▲                      │
 *                    │   network error, HTTP error, `retry`, drainer died
 *                    ├──────────────────────┤
 *                    │                      │ applied · duplicate · conflict
 *      resend by a   │                      ├──────────────────► delivered   (payload gone)
 *      person (new   │                      │ rejected
 *      operation id) └──── dead ◄───────────┘                    (payload kept until a person decides)
 *                           │
 *                           └── discard by a person: removed
 * ```
 */
export type EntryState =
  | { kind: 'queued'; attempts: number; notBeforeMs: number; lastProblem: string | null }
  /** Held by the one drainer. Found by the next drainer, it is what a dead one left behind, and counts as queued. */
  | { kind: 'sending'; attempts: number; sinceMs: number }
  | {
      kind: 'delivered'
      atMs: number
      outcome: DeliveredOutcome
      txid: number
      version: number
      conflict: ConflictValues | null
    }
  | { kind: 'dead'; atMs: number; reason: RejectionReason; fields: FieldProblems | null; detail: string | null }

export type DeliveredOutcome = Extract<OperationResult['outcome'], 'applied' | 'duplicate' | 'conflict'>

/** The operation as it will be sent, less its payload, which leaves the device on delivery. */
export interface EntryHead {
  opId: string
  groupId: string | null
  entity: string
  action: 'insert' | 'update' | 'delete'
  entityId: string
  baseVersion: number | null
  formVersion: number | null
  /** ISO 8601 in UTC. */
  capturedAt: string
}

/** One record of the store `entries`, keyed by `opId`: ids are UUIDv7, so the key order is the order of writing. */
export interface Entry extends EntryHead {
  /** Version of this record's layout. */
  layout: 1
  /** What lists call it; no personal data. */
  label: string
  /** Fields that a member's edit changes, to be shown before it is confirmed; null for a visitor's lead. */
  changes: Record<string, unknown> | null
  /** Null once delivered. */
  payload: Record<string, unknown> | null
  state: EntryState
}

/** What an application asks the outbox to deliver. */
export interface NewEntry {
  opId?: string
  groupId?: string
  entity: string
  action: EntryHead['action']
  entityId: string
  baseVersion?: number
  formVersion?: number
  capturedAt?: string
  label: string
  changes?: Record<string, unknown>
  payload: Record<string, unknown>
}

export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
