import { randomUUID } from 'node:crypto'
import {
  CORRELATION_HEADER,
  PROBLEM_CONTENT_TYPE,
  PROBLEMS,
  type ProblemCode,
  type ProblemDetails,
  ProblemError,
} from '@landfall/contract'
import type { SHAPE_METHODS } from '@landfall/shapes/server'
import { unstable_rethrow } from 'next/navigation'
import { asRequest } from './current-request.ts'
import { logger } from './logger.ts'
import { metrics } from './metrics/metrics.ts'
import { stopping } from './stopping.ts'

export interface RouteContext<Params> {
  params: Params
  /** Correlation id of the request: in the answer, the logs and the ledger. */
  requestId: string
}

type Handler<Params> = (request: Request, context: RouteContext<Params>) => Promise<Response>

/**
 * Wraps a route handler: gives the request its id, and turns what is thrown into problem+json. What was not meant for
 * the caller stays in the log.
 */
export function route<Params = Record<string, never>>(handler: Handler<Params>) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    // Listened for from the first request on.
    const processStops = stopping()
    const requestId = readCorrelationId(request) ?? randomUUID()
    try {
      const params = await context.params
      const response = await asRequest(requestId, () => handler(request, { params, requestId }))
      response.headers.set('x-request-id', requestId)
      return closingWhen(processStops, response)
    } catch (error) {
      unstable_rethrow(error)
      if (request.signal.aborted) return new Response(null, { status: 499 })
      return closingWhen(processStops, problemResponse(asProblem(error, requestId), requestId))
    }
  }
}

/** A connection that is kept for a next request would keep a process that takes none. */
function closingWhen(processStops: AbortSignal, response: Response): Response {
  if (processStops.aborted) response.headers.set('connection', 'close')
  return response
}

type RefusingHandler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>

/** Handlers of the methods that a route does not have. Next's own answer to them is empty. */
export function refuseAllMethodsBut(
  allowed: 'GET' | 'POST' | typeof SHAPE_METHODS,
): Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', RefusingHandler> {
  const answer = route<unknown>(async () => {
    throw new ProblemError('method_not_allowed', `Only ${allowed} is answered here.`)
  })
  const refuse: RefusingHandler = async (request, context) => {
    const response = await answer(request, context)
    response.headers.set('allow', allowed)
    return response
  }
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
}

/** A caller may name its request, within reason. */
function readCorrelationId(request: Request): string | undefined {
  const given = request.headers.get(CORRELATION_HEADER)
  return given && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : undefined
}

function asProblem(error: unknown, requestId: string): ProblemError {
  if (error instanceof ProblemError) {
    // Whoever waited for news is sent away when the process ends: that is no failure.
    if (PROBLEMS[error.code].status >= 500 && !stopping().aborted)
      logger().error({ err: error, requestId }, error.message)
    return error
  }
  logger().error({ err: error, requestId }, 'a request failed')
  return isDatabaseAway(error)
    ? new ProblemError('upstream_unavailable', 'Nothing is lost: send the same again later.', { retryAfterMs: 5_000 })
    : new ProblemError('server_error')
}

/** The database is starting, stopping, full or out of reach: worth another try soon. */
function isDatabaseAway(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = String((cause as { code?: unknown }).code ?? '')
    if (/^(08|25P|40|53|55P|57)/.test(code) || /^(ECONN|ETIMEDOUT|EPIPE)/.test(code)) return true
    if (/connection (terminated|timeout)|timeout exceeded/i.test(cause.message)) return true
  }
  return false
}

export function problemResponse(problem: ProblemError, requestId: string): Response {
  metrics().refusedRequests.inc({ code: problem.code })
  const { status, title } = PROBLEMS[problem.code]
  const body: ProblemDetails = {
    type: `urn:landfall:problem:${problem.code satisfies ProblemCode}`,
    title,
    status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    code: problem.code,
    requestId,
  }
  const headers: Record<string, string> = {
    ...problem.headers,
    'content-type': PROBLEM_CONTENT_TYPE,
    'cache-control': 'no-store',
    'x-request-id': requestId,
  }
  if (problem.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(problem.retryAfterMs / 1_000))
  return new Response(JSON.stringify(body), { status, headers })
}
