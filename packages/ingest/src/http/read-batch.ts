import { batchEnvelope, LIMITS, ProblemError, type ReceivedBatch, SYNC_PROTOCOL } from '@landfall/contract'
import { readJsonBody } from './read-json-body.ts'

/** Reads a batch, or refuses it as a whole when its operations could not be answered one by one. */
export async function readBatch(request: Request): Promise<ReceivedBatch> {
  const body = await readJsonBody(request, { maxBytes: LIMITS.batchBytes, maxDepth: LIMITS.jsonDepth })
  const parsed = batchEnvelope.safeParse(body)
  if (parsed.success) return parsed.data
  const protocol = (body as { protocol?: unknown } | null)?.protocol
  if (typeof protocol === 'number' && protocol !== SYNC_PROTOCOL) {
    throw new ProblemError('unsupported_protocol', `This server speaks protocol ${SYNC_PROTOCOL}, not ${protocol}.`)
  }
  const [issue] = parsed.error.issues
  throw new ProblemError('malformed_request', `${issue?.path.join('.') || 'body'}: ${issue?.message}`)
}
