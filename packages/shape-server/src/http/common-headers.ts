import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const EXPOSED =
  'electric-cursor,electric-handle,electric-has-data,electric-offset,electric-schema,electric-up-to-date,' +
  'electric-internal-known-error,retry-after'

/** Headers that a preflight may ask for. */
const ALLOWED_REQUEST_HEADERS = new Set(['if-none-match', 'traceparent'])

export const SHAPE_METHODS = 'GET, POST, HEAD, DELETE, OPTIONS'
export const READ_METHODS = 'GET, HEAD'

/** On every answer, errors included. A proxy's id is kept, so that both logs tell of the same request. */
export function identityHeaders(request: IncomingMessage): Record<string, string> {
  const given = request.headers['x-request-id']
  const requestId = typeof given === 'string' && /^[\w.:+/=@-]{20,200}$/.test(given) ? given : randomUUID()
  return { 'electric-server': 'landfall-shape-server', 'x-request-id': requestId, vary: 'accept-encoding' }
}

export function corsHeaders(request: IncomingMessage, methods: string): Record<string, string> {
  return {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-expose-headers': EXPOSED,
    'access-control-allow-methods': methods,
  }
}

export function preflightHeaders(request: IncomingMessage): Record<string, string> {
  const wanted = (request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALLOWED_REQUEST_HEADERS.has(name))
  return {
    'access-control-max-age': '86400',
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(',') }),
  }
}
