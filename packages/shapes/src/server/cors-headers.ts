import type { ShapeReader } from './shape-definitions.ts'

/** What the clients of the protocol read of an answer, and of a refusal. */
const EXPOSED = [
  'electric-cursor',
  'electric-handle',
  'electric-has-data',
  'electric-offset',
  'electric-schema',
  'electric-up-to-date',
  'electric-internal-known-error',
  'retry-after',
  'x-request-id',
].join(',')

export const SHAPE_METHODS = 'GET, HEAD, OPTIONS'

/**
 * CORS headers of every answer of a shape's route, refusals included.
 *
 * A visitor's route names the origin of its own site, which proves itself by a token. A member's route names none: its
 * proof is a cookie, and no page elsewhere may read what it brings. Credentials are never allowed.
 */
export function corsHeaders(request: Request, kind: ShapeReader['kind']): Record<string, string> {
  const origin = request.headers.get('origin')
  const isOwnSite = origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get('host')
  return {
    'access-control-expose-headers': EXPOSED,
    ...(kind === 'visitor' && isOwnSite ? { 'access-control-allow-origin': origin } : {}),
  }
}

/** The answer to a preflight. It says what may be asked, and nothing of what would be answered. */
export function preflight(request: Request, kind: ShapeReader['kind']): Response {
  const headers: Record<string, string> = {
    ...corsHeaders(request, kind),
    allow: SHAPE_METHODS,
    'access-control-allow-methods': SHAPE_METHODS,
    'access-control-max-age': '86400',
    vary: 'origin',
  }
  if (headers['access-control-allow-origin']) headers['access-control-allow-headers'] = 'authorization, if-none-match'
  return new Response(null, { status: 204, headers })
}
