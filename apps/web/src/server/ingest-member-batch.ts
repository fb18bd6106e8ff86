import { type BatchAnswer, ProblemError } from '@landfall/contract'
import { readBatch } from '@landfall/ingest'
import { answerInTime } from './answer-in-time.ts'
import { countBatch, ingest } from './ingest.ts'
import { memberOfRequest } from './member-of-request.ts'

/**
 * Takes what a member's device sends. `?user=` tells who made the changes: people share devices, and what one of them
 * left in the queue must not go out in the name of who signed in next.
 */
export function ingestMemberBatch(request: Request, tenantId: string, requestId: string): Promise<BatchAnswer> {
  return answerInTime(take(request, tenantId, requestId))
}

async function take(request: Request, tenantId: string, requestId: string): Promise<BatchAnswer> {
  const member = await memberOfRequest(request, tenantId)
  const madeBy = new URL(request.url).searchParams.get('user')
  if (madeBy !== null && madeBy !== member.userId) {
    throw new ProblemError('not_allowed', 'These changes were made by somebody else on this device.')
  }
  const batch = await readBatch(request)
  await countBatch(request, member, batch)
  return ingest(member, batch, requestId)
}
