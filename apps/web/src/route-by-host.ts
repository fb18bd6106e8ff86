/** Which part of the app answers for a host. A pure function of the request's Host and path. */
export type Destination =
  | { kind: 'site'; host: string; pathname: string }
  | { kind: 'dashboard'; pathname: string }
  | { kind: 'root'; pathname: string }

/** Sub-domain of the root domain under which the dashboard stands. */
export const DASHBOARD_LABEL = 'app'

/**
 * Host → where the request goes inside the app.
 *
 * It only picks pages. Which tenant a host belongs to, and whether somebody may do a thing, is looked up again by
 * every page and route handler.
 */
export function routeByHost(hostHeader: string | null, pathname: string, rootDomain: string): Destination {
  const host = normaliseHost(hostHeader)
  const root = normaliseHost(rootDomain)
  if (host === root || host === `www.${root}`) return { kind: 'root', pathname: join('/root', pathname) }
  if (host === `${DASHBOARD_LABEL}.${root}`) return { kind: 'dashboard', pathname: join('/dashboard', pathname) }
  return { kind: 'site', host, pathname: join(`/sites/${encodeURIComponent(host || 'unknown')}`, pathname) }
}

/** Lower case, without port and without the trailing dot of a fully qualified name. */
export function normaliseHost(header: string | null): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')
}

const join = (prefix: string, pathname: string) => (pathname === '/' ? prefix : prefix + pathname)
