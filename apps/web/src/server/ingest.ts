import type { BatchAnswer, ReceivedBatch } from '@landfall/contract'
import { applyBatch, createHandlerRegistry, type Principal, RateLimits } from '@landfall/ingest'
import { addressOfRequest } from './caller-address.ts'
import { databases } from './databases.ts'
import { logger } from './logger.ts'
import { recordBatch, recordOperation } from './metrics/record-batch.ts'
import { recordRefusalByLimit } from './metrics/record-refusal.ts'
import { createSyncLogger } from './sync-logger.ts'

const registry = createHandlerRegistry()
const holder = globalThis as { landfallRateLimits?: RateLimits }

function rateLimits(): RateLimits {
  holder.landfallRateLimits ??= new RateLimits(databases().app.$client)
  return holder.landfallRateLimits
}

/** Counts a batch against the limits, or throws `too_many_requests`. A visitor need not be proven for it. */
export async function countBatch(request: Request, principal: Principal, batch: ReceivedBatch): Promise<void> {
  const actor = principal.kind === 'visitor' ? principal.clientId : principal.userId
  const address = addressOfRequest(request)
  try {
    await rateLimits().consume({ tenantId: principal.tenantId, actor, address }, batch.operations.length)
  } catch (error) {
    recordRefusalByLimit(error)
    throw error
  }
}

/** What is committed stays answered, also when it could not be counted or logged. */
function observe(requestId: string, tell: () => void): void {
  try {
    tell()
  } catch (error) {
    logger().error({ err: error, requestId }, 'what happened could not be told')
  }
}

/** Applies a batch that was counted, in the principal's name. */
export function ingest(principal: Principal, batch: ReceivedBatch, requestId: string): Promise<BatchAnswer> {
  const receivedAt = new Date()
  const log = createSyncLogger(principal, requestId, Date.parse(batch.sentAt) - receivedAt.getTime())
  return applyBatch({
    database: databases().app,
    registry,
    principal,
    batch,
    requestId,
    receivedAt,
    onOperation: (event) =>
      observe(requestId, () => {
        recordOperation(event)
        log.onOperation(event)
      }),
    onBatch: (event) =>
      observe(requestId, () => {
        recordBatch(principal, event)
        log.onBatch(event)
      }),
  })
}
