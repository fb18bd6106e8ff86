import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isTransient } from '../database.ts'
import type { Log } from '../log.ts'
import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { ReplicationAwayError } from '../shapes/shape-service.ts'
import { type Answer, internalError, invalidRequest, notFound, sendAnswer, unavailable } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { corsHeaders, identityHeaders, preflightHeaders, READ_METHODS, SHAPE_METHODS } from './common-headers.ts'
import { deleteShape } from './delete-route.ts'
import { health } from './health.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { withoutUnchangedBody } from './read-shape.ts'
import { isAuthorised, unauthorised } from './secret.ts'
import { parseShapeRequest } from './shape-request.ts'
import { answerShapeRequest, type ShapeRouteOptions } from './shape-route.ts'

export interface HttpServerOptions extends ShapeRouteOptions {
  secret: string | undefined
  allowShapeDeletion: boolean
  status(): ReplicationStatus
  log: Log
}

const RETRY_AFTER_S = 1

/** The HTTP side: routes, secret, headers that every answer has, and errors as answers. */
export function createHttpServer(options: HttpServerOptions): Server {
  return createServer((request, response) => {
    const abandoned = new AbortController()
    response.on('close', () => abandoned.abort())
    respond(options, request, response, abandoned.signal).catch((error: unknown) => {
      if (!abandoned.signal.aborted) options.log({ level: 'error', message: 'request failed', error: String(error) })
      response.destroy()
    })
  })
}

async function respond(
  options: HttpServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const isShape = /^\/v1\/shape\/?$/.test(url.pathname) && SHAPE_METHODS.split(', ').includes(request.method ?? '')
  const identity = identityHeaders()
  const cors = corsHeaders(request, isShape ? SHAPE_METHODS : READ_METHODS)
  const send = ({ headers, ...answer }: Answer, common = { ...identity, ...cors }) =>
    sendAnswer(request, response, { ...answer, headers: { ...common, ...headers } })

  if (!isShape) return send(plainRoute(options, request.method, url.pathname))
  if (request.method === 'OPTIONS') {
    const { vary: _, ...common } = { ...identity, ...cors }
    return send({ status: 204, headers: preflightHeaders(request) }, common)
  }
  const query = Object.fromEntries(url.searchParams)
  // A page of another origin learns nothing from a refusal.
  if (!isAuthorised(options.secret, query)) return send(unauthorised, identity)
  const read = await readParameters(request, query)
  if (!read.isValid) return send(read.answer)
  const answer = await shapeRoute(options, request.method, read.parameters, signal)
  return send(withoutUnchangedBody(answer, request.headers['if-none-match']))
}

function plainRoute(options: HttpServerOptions, method: string | undefined, path: string): Answer {
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
  options: HttpServerOptions,
  method: string | undefined,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await settle(options, () =>
    method === 'DELETE' ? deleteShape(options, parameters) : readShape(options, parameters, signal),
  )
  // Only GET and HEAD may be cached, whatever they ask for.
  return method === 'GET' || method === 'HEAD' ? answer : uncached(answer)
}

async function readShape(options: HttpServerOptions, parameters: Parameters, signal: AbortSignal): Promise<Answer> {
  return answerShapeRequest(options, parseShapeRequest(parameters), signal)
}

/** Errors as answers. */
async function settle(options: HttpServerOptions, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof InvalidRequestError) return invalidRequest(error.errors)
    if (error instanceof ReplicationAwayError) return databaseAway
    options.log({ level: 'error', message: 'shape request failed', error: String(error) })
    return isTransient(error) || options.status() !== 'streaming' ? databaseAway : internalError
  }
}

const databaseAway = unavailable('The database is not reachable', RETRY_AFTER_S)

function uncached(answer: Answer): Answer {
  const { 'surrogate-control': _, ...headers } = answer.headers
  return { ...answer, headers: { ...headers, 'cache-control': CACHE_CONTROL.uncached } }
}
