import { headers } from 'next/headers'
import { findSiteAtHost } from '#/site/find-site.ts'
import { NoSite } from '#/site/no-site.tsx'
import { PageMissing } from '#/site/page-missing.tsx'

/** A host that has no site, or a page of a site that asked for it. Unknown paths go to global-not-found.tsx. */
export default async function NotFound() {
  const site = await findSiteAtHost((await headers()).get('host') ?? '')
  return site ? <PageMissing locale={site.content.locale} /> : <NoSite />
}
