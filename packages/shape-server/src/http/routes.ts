import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { type Admission, workOf } from './admission.ts'
import { type Answer, notFound, sendAnswer } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { corsHeaders, identityHeaders, preflightHeaders, READ_METHODS, SHAPE_METHODS } from './common-headers.ts'
import { deleteShape } from './delete-route.ts'
import { errorAnswer } from './error-answer.ts'
import { health } from './health.ts'
import { readParameters } from './parameters.ts'
import { type Parameters, parseQuery } from './query.ts'
import { withoutUnchangedBody } from './read-shape.ts'
import { logRequest } from './request-log.ts'
import { isAuthorised, unauthorised } from './secret.ts'
import { parseShapeRequest } from './shape-request.ts'
import { answerShapeRequest, type ShapeRouteOptions } from './shape-route.ts'

export interface RouteOptions extends ShapeRouteOptions {
  secret: string | undefined
  allowShapeDeletion: boolean
  admission: Admission
  status(): ReplicationStatus
  log: Log
}

/** Routes, secret, the headers that every answer has, and errors as answers. */
export async function respond(
  options: RouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { path, query } = splitTarget(request.url ?? '/')
  const isShape = /^\/v1\/shape\/?$/.test(path) && SHAPE_METHODS.split(', ').includes(request.method ?? '')
  const identity = identityHeaders(request)
  const logAnswer = logRequest(options.log, request, response, { path, requestId: identity['x-request-id'] })
  const cors = corsHeaders(request, isShape ? SHAPE_METHODS : READ_METHODS)
  const send = (answer: Answer, common = { ...identity, ...cors }) => {
    logAnswer(answer)
    return sendAnswer(request, response, { ...answer, headers: { ...common, ...answer.headers } })
  }

  if (!isShape) return send(plainRoute(options, request.method, path))
  if (request.method === 'OPTIONS') {
    const { vary: _, ...common } = { ...identity, ...cors }
    return send({ status: 204, headers: preflightHeaders(request) }, common)
  }
  // A page of another origin learns nothing from a refusal.
  if (!isAuthorised(options.secret, query)) return send(unauthorised, identity)
  const answer = await shapeRoute(options, request, query, signal)
  return send(withoutUnchangedBody(answer, request.headers['if-none-match']))
}

/** Not by URL: it throws for targets like `//`, and nothing but these two parts is needed. */
function splitTarget(target: string): { path: string; query: string } {
  const [beforeHash = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split('#', 1)
  const at = beforeHash.indexOf('?')
  return at < 0 ? { path: beforeHash, query: '' } : { path: beforeHash.slice(0, at), query: beforeHash.slice(at + 1) }
}

function plainRoute(options: RouteOptions, method: string | undefined, path: string): Answer {
  if (method !== 'GET' && method !== 'HEAD') return notFound
  switch (path) {
    case '/':
      return { status: 200, headers: { 'cache-control': CACHE_CONTROL.private } }
    case '/v1/health':
      return health(options.status())
    default:
      return notFound
  }
}

async function shapeRoute(
  options: RouteOptions,
  request: IncomingMessage,
  query: string,
  signal: AbortSignal,
): Promise<Answer> {
  const { method } = request
  const isCacheable = method === 'GET' || method === 'HEAD'
  try {
    const read = await readParameters(request, parseQuery(query))
    if (!read.isValid) return read.answer
    const answer = await (method === 'DELETE'
      ? deleteShape(options, read.parameters)
      : readShape(options, read.parameters, signal))
    return isCacheable ? answer : uncached(answer)
  } catch (error) {
    // Broken off because nobody reads the answer, which is no failure.
    const isGivenUp = signal.aborted && error === signal.reason
    const answer = isGivenUp ? notFound : errorAnswer(error, options)
    return isCacheable ? answer : uncached(answer)
  }
}

async function readShape(options: RouteOptions, parameters: Parameters, signal: AbortSignal): Promise<Answer> {
  const request = parseShapeRequest(parameters)
  const leave = options.admission.enter(workOf(request))
  // A snapshot may take long, and nobody waits for it any more.
  signal.addEventListener('abort', leave)
  try {
    return await answerShapeRequest(options, request, signal, leave)
  } finally {
    leave()
  }
}

/** Only GET and HEAD may be cached, whatever they ask for. */
function uncached(answer: Answer): Answer {
  const { 'surrogate-control': _, ...headers } = answer.headers
  return { ...answer, headers: { ...headers, 'cache-control': CACHE_CONTROL.uncached } }
}
