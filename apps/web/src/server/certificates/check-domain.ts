import { createHash, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '@landfall/contract'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { env } from '../../env.ts'
import { findTenantOfHost } from '../tenants-of-hosts.ts'
import { certificateHost } from './certificate-host.ts'

/**
 * Look-ups a second, in this process. Names in handshakes cost their sender nothing; each new one would cost the database
 * a query. Beyond it new hosts wait, and those that have their certificate are not asked about.
 */
export const LOOK_UPS_A_SECOND = 50

// Next evaluates a module once a bundle; the limit is the process's.
const holder = globalThis as { landfallDomainChecks?: RateLimiterMemory }

/**
 * Answers the proxy that ends TLS: 200 when we serve the host of `?domain=`, 404 when we do not.
 *
 * The proxy can bring no header, so the secret stands in the query: `?token=DOMAIN_CHECK_TOKEN`. Without it, or without
 * the variable, there is nothing here, so that nobody outside learns more of our tenants than the DNS tells.
 */
export async function checkDomain(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams
  const token = env().DOMAIN_CHECK_TOKEN
  if (token === undefined || !isSame(only(query, 'token'), token)) throw new ProblemError('not_found')
  const wanted = certificateHost(only(query, 'domain'), env().NEXT_PUBLIC_ROOT_DOMAIN)
  switch (wanted.kind) {
    case 'house':
      return served()
    case 'none':
      throw new ProblemError('unknown_site')
    case 'tenant':
      await countLookUp()
      if ((await findTenantOfHost(wanted.host)) === undefined) throw new ProblemError('unknown_site')
      return served()
  }
}

const served = () => Response.json({ served: true }, { headers: { 'cache-control': 'no-store' } })

/** A parameter that is given once; twice it means nothing. */
function only(query: URLSearchParams, name: string): string {
  const [value, ...more] = query.getAll(name)
  return value === undefined || more.length > 0 ? '' : value
}

/** Digests are of one length, and say nothing by the time their comparison takes. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

async function countLookUp(): Promise<void> {
  holder.landfallDomainChecks ??= new RateLimiterMemory({ points: LOOK_UPS_A_SECOND, duration: 1 })
  try {
    await holder.landfallDomainChecks.consume('look-ups')
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw new ProblemError('too_many_requests', undefined, { retryAfterMs: refusal.msBeforeNext })
  }
}
