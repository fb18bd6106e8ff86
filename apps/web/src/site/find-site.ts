import { siteContent } from '@landfall/contract'
import { readTenantSite, tenantOfHost } from '@landfall/database'
import { cache } from 'react'
import { env } from '../env.ts'
import { normaliseHost } from '../route-by-host.ts'
import { databases } from '../server/databases.ts'
import type { Site } from './site.ts'

/** The site that answers at a host (no port), read once a request. */
export const findSite = cache(async (host: string): Promise<Site | undefined> => {
  const name = normaliseHost(decodeURIComponent(host))
  const tenantId = await tenantOfHost(databases().app, name, normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN))
  return tenantId === undefined ? undefined : siteOfTenant(tenantId)
})

export async function siteOfTenant(tenantId: string): Promise<Site | undefined> {
  const found = await readTenantSite(databases().app, tenantId)
  const [form] = found?.forms ?? []
  if (!found || !form) return undefined
  return { tenantId, slug: found.slug, name: found.name, content: siteContent.parse(found.site), form }
}
