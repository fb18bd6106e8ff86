import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy, createNonce } from './content-security-policy.ts'
import { env } from './env.ts'
import { routeByHost } from './route-by-host.ts'
import { hasSite } from './server/known-hosts.ts'

/** A path without a page, for hosts without a site. */
const NO_PAGE = '/no-site'

/** Picks the pages of the host and gives each answer its own script nonce. It authorises nothing. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const destination = routeByHost(request.headers.get('host'), request.nextUrl.pathname, env().NEXT_PUBLIC_ROOT_DOMAIN)
  const policy = contentSecurityPolicy(createNonce(), { isDevelopment: process.env.NODE_ENV !== 'production' })

  const headers = new Headers(request.headers)
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('content-security-policy', policy)

  const url = request.nextUrl.clone()
  const isNowhere = destination.kind === 'site' && !(await hasSite(destination.host))
  url.pathname = isNowhere ? NO_PAGE : destination.pathname
  const response = NextResponse.rewrite(url, { request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  matcher: ['/((?!_next/|api/|assets/|sw\\.js$|sw\\.js\\.map$).*)'],
}
