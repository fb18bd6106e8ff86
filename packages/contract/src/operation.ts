import * as z from 'zod'
import { uuidV7 } from './ids.ts'
import { LIMITS, SYNC_PROTOCOL } from './limits.ts'

export const OPERATION_ACTIONS = ['insert', 'update', 'delete'] as const

/** Names a delivery across device, logs and ledger; 8 to 64 of `A-Z a-z 0-9 . _ -`. */
export const CORRELATION_HEADER = 'x-correlation-id'

/** One write of a device. Its ids are made on the device, so that a retry is the same write. */
export const operation = z.strictObject({
  opId: uuidV7,
  /** Operations of one group stand or fall together. */
  groupId: uuidV7.optional(),
  /** An unknown entity is answered `rejected`, not refused with the whole batch. */
  entity: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  action: z.enum(OPERATION_ACTIONS),
  entityId: uuidV7,
  /** Version of the row that an edit started from. */
  baseVersion: z.int().min(1).optional(),
  /** Published version of the form that a lead was captured with. */
  formVersion: z.int().min(1).optional(),
  /** Device clock when the person did it, ISO 8601 in UTC. */
  capturedAt: z.iso.datetime(),
  payload: z.record(z.string(), z.unknown()),
})
export type Operation = z.output<typeof operation>

/** What a batch must be for its operations to be answered one by one. */
export const batchEnvelope = z.strictObject({
  protocol: z.literal(SYNC_PROTOCOL),
  clientId: uuidV7,
  /** Device clock when the batch left, ISO 8601 in UTC: the server measures the skew with it. */
  sentAt: z.iso.datetime(),
  /** Each is checked by itself, so that one malformed operation costs only itself. */
  operations: z.array(z.unknown()).min(1).max(LIMITS.operationsPerBatch),
})
/** As received: the operations are not looked at yet. */
export type ReceivedBatch = z.output<typeof batchEnvelope>
/** As a device sends it. */
export type BatchEnvelope = Omit<ReceivedBatch, 'operations'> & { operations: Operation[] }
