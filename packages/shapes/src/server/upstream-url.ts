import { ELECTRIC_PROTOCOL_QUERY_PARAMS } from '@electric-sql/client'
import { ProblemError } from '@landfall/contract'
import type { ShapeDefinition } from './shape-definitions.ts'

/**
 * Of the protocol's parameters, those that make up another shape are the server's like table and filter: `log`, and the
 * filters of subsets, which may name hidden columns and so ask for what they hold.
 */
const FORWARDED = ELECTRIC_PROTOCOL_QUERY_PARAMS.filter((name) => name !== 'log' && !name.startsWith('subset__'))

/** A client of the protocol needs a few hundred characters. */
const MAX_QUERY_LENGTH = 2_048

export interface UpstreamOptions {
  electricUrl: string
  electricSecret?: string | undefined
}

/**
 * What Electric is asked: the server's definition of the shape, and of the request the place in its log.
 *
 * @throws ProblemError `address_too_long`, or `malformed_request` when a parameter that goes on stands there twice: which
 * one would count is not to be guessed.
 */
export function upstreamUrl(request: Request, definition: ShapeDefinition, options: UpstreamOptions): URL {
  const { search, searchParams: asked } = new URL(request.url)
  if (search.length > MAX_QUERY_LENGTH) throw new ProblemError('address_too_long', 'No shape needs so many parameters.')

  const upstream = new URL('/v1/shape', options.electricUrl)
  for (const name of FORWARDED) {
    const [value, ...others] = asked.getAll(name)
    if (others.length > 0) throw new ProblemError('malformed_request', `The parameter ${name} may stand here once.`)
    if (value !== undefined) upstream.searchParams.set(name, value)
  }
  upstream.searchParams.set('table', definition.table)
  upstream.searchParams.set('columns', definition.columns.map(quoted).join(','))
  upstream.searchParams.set('where', definition.where)
  definition.params.forEach((value, index) => {
    upstream.searchParams.set(`params[${index + 1}]`, value)
  })
  if (options.electricSecret) upstream.searchParams.set('secret', options.electricSecret)
  return upstream
}

/** How an answer to this comes: at once, in one piece after a wait for news, or piece by piece as news comes. */
export type Delivery = 'at-once' | 'long-poll' | 'events'

export function deliveryOf({ searchParams }: URL): Delivery {
  // As Electric reads its flags: whatever is not "false" is true.
  const isSet = (name: string) => (searchParams.get(name) ?? 'false') !== 'false'
  if (!isSet('live')) return 'at-once'
  return isSet('live_sse') || isSet('experimental_live_sse') ? 'events' : 'long-poll'
}

const quoted = (column: string) => `"${column}"`
