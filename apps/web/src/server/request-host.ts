import { ProblemError } from '@landfall/contract'
import { env } from '../env.ts'
import { DASHBOARD_LABEL, normaliseHost } from '../route-by-host.ts'
import { findTenantOfHost } from './tenants-of-hosts.ts'

/** The tenant whose site this request reached, by its Host and by nothing else that the caller says. */
export async function tenantOfRequest(request: Request): Promise<string> {
  refuseOtherOrigins(request)
  const tenantId = await findTenantOfHost(normaliseHost(request.headers.get('host')))
  if (!tenantId) throw new ProblemError('unknown_site')
  return tenantId
}

/** Members' routes stand on the dashboard's host only, where its cookie is. */
export function requireDashboardHost(request: Request): void {
  refuseOtherOrigins(request)
  const root = normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN)
  if (normaliseHost(request.headers.get('host')) !== `${DASHBOARD_LABEL}.${root}`) throw new ProblemError('not_found')
}

/** A page elsewhere may not act in the name of who looks at it. A request without an Origin comes from no page. */
function refuseOtherOrigins(request: Request): void {
  const origin = request.headers.get('origin')
  if (origin === null) return
  const host = URL.canParse(origin) ? new URL(origin).host : undefined
  if (host !== request.headers.get('host')) {
    throw new ProblemError('not_allowed', 'Requests of other sites are not taken here.')
  }
}
