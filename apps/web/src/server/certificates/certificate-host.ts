import { publicHostName } from '@landfall/contract'
import { DASHBOARD_LABEL, normaliseHost } from '../../route-by-host.ts'

/** What a name in a TLS handshake may be to us. */
export type CertificateHost =
  /** The overview or the dashboard: ours, whoever the tenants are. */
  | { kind: 'house' }
  /** A tenant's, if the database says so. */
  | { kind: 'tenant'; host: string }
  /** Nothing that we could ever serve. */
  | { kind: 'none' }

/** Sorts the names out that no look-up is worth: whoever opens a connection makes them up. */
export function certificateHost(domain: string, rootDomain: string): CertificateHost {
  const root = normaliseHost(rootDomain)
  const host = domain.toLowerCase()
  if (host === root || host === `www.${root}` || host === `${DASHBOARD_LABEL}.${root}`) return { kind: 'house' }
  if (!publicHostName.safeParse(host).success) return { kind: 'none' }
  // A tenant has one label below the root domain.
  if (host.endsWith(`.${root}`) && host.slice(0, -root.length - 1).includes('.')) return { kind: 'none' }
  return { kind: 'tenant', host }
}
