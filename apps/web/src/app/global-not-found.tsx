import '@landfall/ui/styles.css'
import '#/site/styles/index.css'
import '#/site/theme/typefaces.css'

import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { findSiteAtHost } from '#/site/find-site.ts'
import { NoSite } from '#/site/no-site.tsx'
import { PageMissing } from '#/site/page-missing.tsx'
import { SiteDocument } from '#/site/site-document.tsx'
import { wordsFor } from '#/site/words/index.ts'

const siteOfRequest = async () => findSiteAtHost((await headers()).get('host') ?? '')

export async function generateMetadata(): Promise<Metadata> {
  const site = await siteOfRequest()
  if (!site) return { title: 'No site here' }
  return {
    title: `${wordsFor(site.content.locale).notFound.title} · ${site.content.business.name}`,
    icons: { icon: { url: '/favicon.svg', type: 'image/svg+xml' } },
  }
}

/** Every path that no page answers, in the look and the language of the host's site. */
export default async function GlobalNotFound() {
  const site = await siteOfRequest()
  if (!site) {
    return (
      <html lang="en">
        <body className="site">
          <NoSite />
        </body>
      </html>
    )
  }
  return (
    <SiteDocument site={site}>
      <PageMissing locale={site.content.locale} />
    </SiteDocument>
  )
}
