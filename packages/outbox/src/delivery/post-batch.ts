import { type BatchEnvelope, batchAnswer, CORRELATION_HEADER, type OperationResult } from '@landfall/contract'
import type { DeliveryProblem } from '../store/meta.ts'
import { parseRetryAfterMs } from './backoff.ts'

const TIME_OUT_MS = 30_000

export const OFFLINE: DeliveryProblem = { kind: 'network', status: null, message: 'There is no connection.' }

/** What came back for a batch: one result an operation, or the reason why nobody answered for any. */
export type PostOutcome =
  | { kind: 'answered'; results: OperationResult[] }
  /** Try the same again later. */
  | { kind: 'unavailable'; problem: DeliveryProblem; retryAfterMs?: number }
  /** The request as a whole is too large: send fewer at once. */
  | { kind: 'too-large'; problem: DeliveryProblem }
  /** The server wants none of it, for a reason that time alone may not mend. */
  | { kind: 'refused'; problem: DeliveryProblem }

export interface PostOptions {
  fetch: typeof fetch
  endpoint: string
  headers: Record<string, string>
  /** Names this request in the logs of both sides. */
  correlationId: string
  /** Lets the request outlive its page. */
  keepalive: boolean
  now: () => number
}

export async function postBatch(envelope: BatchEnvelope, options: PostOptions): Promise<PostOutcome> {
  let response: Response
  let body: unknown
  try {
    response = await options.fetch(options.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [CORRELATION_HEADER]: options.correlationId,
        ...options.headers,
      },
      body: JSON.stringify(envelope),
      keepalive: options.keepalive,
      // A redirect is a captive portal or a sign-in page, never our answer.
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(TIME_OUT_MS),
    })
    body = await response.json().catch(() => undefined)
  } catch {
    return { kind: 'unavailable', problem: OFFLINE }
  }
  return response.ok ? readAnswer(envelope, response.status, body) : readProblem(response, body, options.now())
}

/** Only an answer that names every operation in order counts; anything else with status 200 came from elsewhere. */
function readAnswer(envelope: BatchEnvelope, status: number, body: unknown): PostOutcome {
  const parsed = batchAnswer.safeParse(body)
  const isOurs =
    parsed.success &&
    parsed.data.results.length === envelope.operations.length &&
    parsed.data.results.every((result, index) => result.opId === envelope.operations[index]?.opId)
  if (isOurs) return { kind: 'answered', results: parsed.data.results }
  const message = 'Something on the way answered instead of the server.'
  return { kind: 'unavailable', problem: { kind: 'server', status, message } }
}

function readProblem(response: Response, body: unknown, nowMs: number): PostOutcome {
  const { status } = response
  const title = (body as { title?: unknown } | undefined)?.title
  const message = typeof title === 'string' ? title : `The server answered ${status}.`
  if (status === 413) return { kind: 'too-large', problem: { kind: 'refused', status, message } }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const retryAfterMs = parseRetryAfterMs(response.headers, nowMs)
    return {
      kind: 'unavailable',
      problem: { kind: 'server', status, message },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }
  return { kind: 'refused', problem: { kind: 'refused', status, message } }
}
