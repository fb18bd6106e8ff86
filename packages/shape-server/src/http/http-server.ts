import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { ReplicationStatus } from '../replication/replication-supervisor.ts'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { type Answer, internalError, invalidRequest, JSON_TYPE, notFound, sendAnswer, unavailable } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { corsHeaders, identityHeaders, preflightHeaders, READ_METHODS, SHAPE_METHODS } from './common-headers.ts'
import { withoutUnchangedBody } from './read-shape.ts'
import { type Parameters, parseShapeRequest } from './shape-request.ts'
import { answerShapeRequest, type ShapeRouteOptions } from './shape-route.ts'

export interface HttpServerOptions extends ShapeRouteOptions {
  secret: string | undefined
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
      options.log({ level: 'error', message: 'request failed', error: String(error) })
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
  const isShapeRoute = /^\/v1\/shape\/?$/.test(url.pathname)
  const parameters: Parameters = Object.fromEntries(url.searchParams)
  const isShapeMethod = isShapeRoute && SHAPE_METHODS.split(', ').includes(request.method ?? '')
  const common = { ...identityHeaders(), ...corsHeaders(request, isShapeMethod ? SHAPE_METHODS : READ_METHODS) }
  const send = (answer: Answer) =>
    sendAnswer(request, response, { ...answer, headers: { ...common, ...answer.headers } })

  if (!isShapeRoute) return send(plainRoute(options, request.method, url.pathname))
  if (request.method === 'OPTIONS') {
    const { vary: _, ...headers } = common
    return sendAnswer(request, response, { status: 204, headers: { ...headers, ...preflightHeaders(request) } })
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(notFound)
  if (!isAuthorised(options.secret, parameters)) {
    return sendAnswer(request, response, {
      ...unauthorised,
      headers: { ...identityHeaders(), ...unauthorised.headers },
    })
  }
  const answer = await shapeRoute(options, parameters, signal)
  send(withoutUnchangedBody(answer, request.headers['if-none-match']))
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

function health(status: ReplicationStatus): Answer {
  const [code, word] = HEALTH[status]
  return {
    status: code,
    headers: { 'cache-control': CACHE_CONTROL.health, ...JSON_TYPE },
    body: JSON.stringify({ status: word }),
  }
}

const HEALTH: Record<ReplicationStatus, [number, string]> = {
  starting: [202, 'starting'],
  streaming: [200, 'active'],
  reconnecting: [202, 'waiting'],
  stopped: [202, 'waiting'],
}

async function shapeRoute(options: HttpServerOptions, parameters: Parameters, signal: AbortSignal): Promise<Answer> {
  try {
    const shapeRequest = parseShapeRequest(parameters)
    if (options.status() !== 'streaming') return unavailable('The database is not reachable', RETRY_AFTER_S)
    return await answerShapeRequest(options, shapeRequest, signal)
  } catch (error) {
    if (error instanceof InvalidRequestError) return invalidRequest(error.errors)
    options.log({ level: 'error', message: 'shape request failed', error: String(error) })
    if (options.status() !== 'streaming') return unavailable('The database is not reachable', RETRY_AFTER_S)
    return internalError
  }
}

const unauthorised: Answer = {
  status: 401,
  headers: { 'cache-control': CACHE_CONTROL.private },
  body: JSON.stringify({ message: 'Unauthorized - Invalid API secret' }),
}

function isAuthorised(secret: string | undefined, parameters: Parameters): boolean {
  if (secret === undefined) return true
  const given = parameters.secret ?? parameters.api_secret ?? ''
  // Digests have one length, so that neither it nor the content shows in the time this takes.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}
