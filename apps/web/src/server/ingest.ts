import type { BatchAnswer, ReceivedBatch } from '@landfall/contract'
import { applyBatch, createHandlerRegistry, type Principal, principalFingerprint, RateLimits } from '@landfall/ingest'
import { databases } from './databases.ts'
import { logger } from './logger.ts'
import { addressOfRequest } from './request-host.ts'

const registry = createHandlerRegistry()
const holder = globalThis as { landfallRateLimits?: RateLimits }

function rateLimits(): RateLimits {
  holder.landfallRateLimits ??= new RateLimits(databases().app.$client)
  return holder.landfallRateLimits
}

/** Counts a batch against the limits and applies it in the principal's name. */
export async function ingest(
  request: Request,
  principal: Principal,
  batch: ReceivedBatch,
  requestId: string,
): Promise<BatchAnswer> {
  const actor = principal.kind === 'visitor' ? principal.clientId : principal.userId
  await rateLimits().consume(
    { tenantId: principal.tenantId, actor, address: addressOfRequest(request) },
    batch.operations.length,
  )
  const log = logger().child({ requestId, tenantId: principal.tenantId, actor: principalFingerprint(principal) })
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
