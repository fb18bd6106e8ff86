import { siteContent } from '@landfall/contract'
import { readTenantSite, tenantOfHost } from '@landfall/database'
import { cache } from 'react'
import { env } from '../env.ts'
import { normaliseHost } from '../route-by-host.ts'
import { databases } from '../server/databases.ts'
import type { Site } from './site.ts'

/** The site that answers at the host of a page's path, where it stands encoded; read once a request. */
export async function findSite(encodedHost: string): Promise<Site | undefined> {
  const host = decodeHost(encodedHost)
  return host === undefined ? undefined : findSiteAtHost(host)
}

/** The site that answers at a host as the header says it; read once a request. */
export const findSiteAtHost = cache(async (host: string): Promise<Site | undefined> => {
  const root = normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN)
  const tenantId = await tenantOfHost(databases().app, normaliseHost(host), root)
  return tenantId === undefined ? undefined : siteOfTenant(tenantId)
})

/** Undefined for what no encoding gives, which is no host of anybody's. */
export function decodeHost(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

export async function siteOfTenant(tenantId: string): Promise<Site | undefined> {
  const found = await readTenantSite(databases().app, tenantId)
  const [form] = found?.forms ?? []
  if (!found || !form) return undefined
  return { tenantId, slug: found.slug, name: found.name, content: siteContent.parse(found.site), form }
}
