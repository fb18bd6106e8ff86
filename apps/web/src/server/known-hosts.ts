import { findTenantOfHost } from './tenants-of-hosts.ts'

/**
 * Whether a tenant's site stands at this host. It decides only which page an unknown host gets: Next can give a complete
 * 404 without JavaScript only where no page matches. Every page and route looks the tenant up for itself.
 */
export async function hasSite(host: string): Promise<boolean> {
  try {
    return (await findTenantOfHost(host)) !== undefined
  } catch {
    // Without a database the page itself says what is wrong.
    return true
  }
}
