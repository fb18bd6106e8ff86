import type { BatchAnswer, ReceivedBatch } from '@landfall/contract'
import { applyBatch, createHandlerRegistry, type Principal, principalFingerprint, RateLimits } from '@landfall/ingest'
import { addressOfRequest } from './caller-address.ts'
import { databases } from './databases.ts'
import { logger } from './logger.ts'

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
  await rateLimits().consume({ tenantId: principal.tenantId, actor, address }, batch.operations.length)
}

/** Applies a batch that was counted, in the principal's name. */
export async function ingest(principal: Principal, batch: ReceivedBatch, requestId: string): Promise<BatchAnswer> {
  const { tenantId } = principal
  const log = logger().child({ requestId, tenantId, actor: principalFingerprint(principal) })
  return applyBatch({
    database: databases().app,
    registry,
    principal,
    batch,
    requestId,
    onOperation: ({ opId, entity, action, outcome, error }) => {
      const fields = { opId, entity, action, outcome }
      if (error) log.error({ ...fields, err: error }, 'an operation failed')
      else log.info(fields, 'operation')
    },
  })
}
