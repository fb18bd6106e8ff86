import { ELECTRIC_PROTOCOL_QUERY_PARAMS } from '@electric-sql/client'
import { ProblemError } from '@landfall/contract'
import { type ShapeReader, shapeFor } from './shape-definitions.ts'

export interface ProxyShapeOptions {
  request: Request
  /** Last segment of the route. */
  name: string
  reader: ShapeReader
  /** Base address of Electric, or of the shape server in its place. */
  electricUrl: string
  electricSecret?: string | undefined
  /** Ends the waiting for news: the reader comes again, to a process that lives. */
  stopping?: AbortSignal
  fetch?: typeof fetch
}

/**
 * Subset requests name columns in filters of their own; with hidden columns that is a way to ask for what they hold.
 * No client of ours needs them.
 */
const FORWARDED = ELECTRIC_PROTOCOL_QUERY_PARAMS.filter((name) => !name.startsWith('subset__'))

/** Headers of Electric that must not reach the client: fetch has undone the encoding already. */
const DROPPED_HEADERS = [
  'content-encoding',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'set-cookie',
]

/**
 * Asks Electric for a shape in the reader's name. Table, columns and filter are the server's; of the request only the
 * parameters of the protocol go on.
 */
export async function proxyShape(options: ProxyShapeOptions): Promise<Response> {
  const definition = shapeFor(options.name, options.reader)
  if (!definition) throw new ProblemError('not_found', 'There is no shape of this name.')

  const upstream = new URL('/v1/shape', options.electricUrl)
  const asked = new URL(options.request.url).searchParams
  for (const name of FORWARDED) {
    const value = asked.get(name)
    if (value !== null) upstream.searchParams.set(name, value)
  }
  upstream.searchParams.set('table', definition.table)
  upstream.searchParams.set('columns', definition.columns.map(quoted).join(','))
  upstream.searchParams.set('where', definition.where)
  definition.params.forEach((value, index) => {
    upstream.searchParams.set(`params[${index + 1}]`, value)
  })
  if (options.electricSecret) upstream.searchParams.set('secret', options.electricSecret)

  const answer = await ask(options, upstream)
  // A refused secret is our own mistake, not the reader's.
  if (answer.status === 401 || answer.status === 403) throw unavailable()
  return new Response(answer.body, { status: answer.status, headers: answerHeaders(answer.headers) })
}

async function ask({ request, stopping, fetch: send = fetch }: ProxyShapeOptions, upstream: URL): Promise<Response> {
  const etag = request.headers.get('if-none-match')
  try {
    return await send(upstream, {
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      headers: etag ? { 'if-none-match': etag } : {},
      // A reader that goes away frees its place at Electric.
      signal: stopping ? AbortSignal.any([request.signal, stopping]) : request.signal,
      cache: 'no-store',
      redirect: 'error',
    })
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw stopping?.aborted ? restarting(cause) : unavailable(cause)
  }
}

const unavailable = (cause?: unknown) =>
  new ProblemError('upstream_unavailable', 'The live updates are not available; what is on the device stays.', {
    retryAfterMs: 5_000,
    cause,
  })

const restarting = (cause: unknown) =>
  new ProblemError('upstream_unavailable', 'The site is being restarted.', { retryAfterMs: 2_000, cause })

/** What one reader may see, no shared cache may keep. */
function answerHeaders(from: Headers): Headers {
  const headers = new Headers(from)
  for (const name of DROPPED_HEADERS) headers.delete(name)
  const caching = headers.get('cache-control')
  if (caching) headers.set('cache-control', asPrivate(caching))
  headers.delete('surrogate-control')
  headers.set('vary', 'authorization, cookie')
  return headers
}

export function asPrivate(cacheControl: string): string {
  const directives = cacheControl
    .split(',')
    .map((directive) => directive.trim())
    .filter((directive) => !/^(public|private|s-maxage=.*)$/i.test(directive))
  return ['private', ...directives].join(', ')
}

const quoted = (column: string) => `"${column}"`
