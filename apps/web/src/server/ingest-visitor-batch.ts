import type { BatchAnswer } from '@landfall/contract'
import { readBatch } from '@landfall/ingest'
import { answerInTime } from './answer-in-time.ts'
import { countBatch, ingest } from './ingest.ts'
import { claimedVisitor, proveWriting } from './visitor-of-request.ts'

/**
 * Takes what a visitor's device sends. Nothing is stored of a device before its request was read whole and counted:
 * anybody can make up devices.
 */
export function ingestVisitorBatch(request: Request, requestId: string): Promise<BatchAnswer> {
  return answerInTime(take(request, requestId))
}

async function take(request: Request, requestId: string): Promise<BatchAnswer> {
  const claimed = await claimedVisitor(request)
  const batch = await readBatch(request)
  await countBatch(request, claimed.visitor, batch)
  const visitor = await proveWriting(claimed)
  return ingest(visitor, batch, requestId)
}
