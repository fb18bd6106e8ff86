import { createHash, timingSafeEqual } from 'node:crypto'
import type { Answer } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'

/** Without a secret everybody is let in. It is read from the query only, never from a body. */
export function isAuthorised(secret: string | undefined, query: string): boolean {
  if (secret === undefined) return true
  // Lenient about the other parameters: only who is let in learns what is wrong with them.
  const parameters = new URLSearchParams(query)
  const given = parameters.getAll('secret').at(-1) ?? parameters.getAll('api_secret').at(-1) ?? ''
  // Digests have one length, so that neither it nor the content shows in the time this takes.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(secret))
}

export const unauthorised: Answer = {
  status: 401,
  headers: { 'cache-control': CACHE_CONTROL.private },
  body: JSON.stringify({ message: 'Unauthorized - Invalid API secret' }),
}
