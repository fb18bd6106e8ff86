import type { Delivery } from './upstream-url.ts'

/** Of Electric's headers, what its clients read. Everything else is between Electric and this server. */
const isPassedOn = (name: string) =>
  name === 'content-type' || name === 'etag' || (name.startsWith('electric-') && name !== 'electric-server')

export function answerHeaders(from: Headers, delivery: Delivery): Headers {
  const headers = new Headers([...from].filter(([name]) => isPassedOn(name)))
  headers.set('cache-control', cachingOf(from.get('cache-control') ?? '', delivery))
  // The same address is another answer for another reader.
  headers.set('vary', 'authorization, cookie, origin')
  return headers
}

/**
 * What one reader may see, no shared cache may keep, and their own browser may show it again only after the server has
 * looked at who asks: a person who signs out leaves the address to the next.
 */
function cachingOf(electrics: string, delivery: Delivery): string {
  if (/\bno-store\b/i.test(electrics)) return 'private, no-store'
  // A compressor on the way would hold events back until it has enough of them.
  return delivery === 'events' ? 'private, no-cache, no-transform' : 'private, no-cache'
}
