import type { FieldProblems, OperationResult, RejectionReason } from '@landfall/contract'

/**
 * States of an entry. Only the answer of the server moves it on; nothing but a person removes a dead one.
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
  /** `fromMs`: when the waiting time was set; a clock that shows an earlier time was put back. */
  | { kind: 'queued'; attempts: number; fromMs: number; notBeforeMs: number; lastProblem: string | null }
  /** Held by the one drainer. Found by the next drainer, it is what a dead one left behind, and counts as queued. */
  | { kind: 'sending'; attempts: number; sinceMs: number }
  | { kind: 'delivered'; atMs: number; outcome: DeliveredOutcome; txid: number; version: number }
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

/**
 * One record of the store `entries`, keyed by `opId`. What was written lies apart and sealed, in `contents`: nothing here
 * is personal data.
 */
export interface Entry extends EntryHead {
  /** Version of this record's layout. */
  layout: 2
  /** Its place in the order of writing. Operation ids are in that order too, but for a clock that was put back. */
  seq: number
  /** What lists call it; no personal data. */
  label: string
  /** Size of the operation in a request. */
  bytes: number
  /** Whether it is a member's edit whose fields are shown before it is confirmed. */
  hasChanges: boolean
  /** Of the last request that carried it; null before the first. */
  correlationId: string | null
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
