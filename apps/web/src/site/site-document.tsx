import { directionOf } from '@landfall/contract'
import type { ReactNode } from 'react'
import { SiteFooter } from './sections/site-footer.tsx'
import { SiteHeader } from './sections/site-header.tsx'
import type { Site } from './site.ts'
import { themeAttributes } from './theme/theme-attributes.ts'
import { wordsFor } from './words/index.ts'

/** The whole document around any page of a site. */
export function SiteDocument({ site, children }: { site: Site; children: ReactNode }) {
  const { locale, theme } = site.content
  return (
    <html lang={locale} dir={directionOf(locale)} {...themeAttributes(theme)}>
      <body className="site">
        <a className="skip-link" href="#content">
          {wordsFor(locale).skipToContent}
        </a>
        <SiteHeader site={site} />
        <main className="site-main" id="content" tabIndex={-1}>
          {children}
        </main>
        <SiteFooter site={site} />
      </body>
    </html>
  )
}
