import { formDefinition, siteContent } from '@landfall/contract'
import { demoTenants } from '@landfall/database/demo-tenants'
import { cache } from 'react'
import { env } from '../env.ts'
import { normaliseHost } from '../route-by-host.ts'
import type { Site } from './site.ts'

/** The site that answers at a host (no port), read once a request. */
export const findSite = cache(async (host: string): Promise<Site | undefined> => {
  const name = normaliseHost(decodeURIComponent(host))
  const root = normaliseHost(env().NEXT_PUBLIC_ROOT_DOMAIN)
  const tenant = demoTenants.find(
    ({ slug, customDomains }) => name === `${slug}.${root}` || customDomains.includes(name),
  )
  if (!tenant) return undefined
  return {
    tenantId: tenant.id,
    slug: tenant.slug,
    name: tenant.name,
    content: siteContent.parse(tenant.site),
    form: formDefinition.parse(tenant.forms[0]),
  }
})
