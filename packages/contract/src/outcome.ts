import * as z from 'zod'
import { FIELD_PROBLEMS } from './field-problem.ts'
import { SYNC_PROTOCOL } from './limits.ts'

/** Why an operation can never be applied as it is. A person corrects it, or lets it go. */
export const REJECTION_REASONS = [
  'malformed',
  'unknown_entity',
  'unknown_action',
  'unknown_form',
  'unknown_form_version',
  'invalid_values',
  'field_not_allowed',
  'not_allowed',
  'not_found',
  'id_already_used',
  'group_failed',
  /** The tenant has begun to work on it: its visitor cannot change it any more. */
  'already_read',
  /** Its visitor took it back. */
  'withdrawn',
  /** Said by the device itself when no server takes a request of this size. */
  'too_large',
  /** Said by the device itself: it was made for a schema that is gone, and has no meaning in the one that took its place. */
  'outdated',
] as const
export type RejectionReason = (typeof REJECTION_REASONS)[number]

const base = {
  /** Empty when the operation was too malformed to read its id; results stand in the order of the operations. */
  opId: z.string(),
}

const effect = {
  /** `pg_current_xact_id()::xid` of the transaction: the number that a shape's `txids` carry. */
  txid: z.int(),
  /** Version of the row afterwards. */
  version: z.int(),
}

export const operationResult = z.discriminatedUnion('outcome', [
  z.object({ ...base, outcome: z.literal('applied'), ...effect }),
  /** Applied by an earlier delivery of the same operation; carries that delivery's effect. */
  z.object({ ...base, outcome: z.literal('duplicate'), ...effect }),
  /**
   * Somebody else changed the same field since `baseVersion`. The later edit stands, and both values are kept on the
   * server. A replay is answered the same.
   */
  z.object({
    ...base,
    outcome: z.literal('conflict'),
    ...effect,
    fields: z.array(z.string()),
    /** What stands now and what gave way, by field; an edit to the value that gave way restores it. */
    values: z.record(z.string(), z.object({ kept: z.unknown(), lost: z.unknown() })).optional(),
  }),
  z.object({
    ...base,
    outcome: z.literal('rejected'),
    /** A code of a newer server reads as the general one: an answer is never thrown away for a word. */
    reason: z.enum(REJECTION_REASONS).catch('malformed'),
    /** Which field, and what is wrong with it, for `invalid_values`. */
    fields: z.record(z.string(), z.enum(FIELD_PROBLEMS).catch('not_text')).optional(),
    detail: z.string().optional(),
  }),
  /** Nothing is wrong with the operation; the server could not take it now. */
  z.object({ ...base, outcome: z.literal('retry'), retryAfterMs: z.int().min(0) }),
])
export type OperationResult = z.output<typeof operationResult>
export type Outcome = OperationResult['outcome']

/** Answer of `POST /api/sync/batch`: one result an operation, in the order sent. */
export const batchAnswer = z.object({
  protocol: z.literal(SYNC_PROTOCOL),
  requestId: z.string(),
  /** Server clock, ISO 8601 in UTC. */
  serverTime: z.iso.datetime(),
  results: z.array(operationResult),
})
export type BatchAnswer = z.output<typeof batchAnswer>
