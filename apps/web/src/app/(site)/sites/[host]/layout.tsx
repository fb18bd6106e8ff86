import '@landfall/ui/styles.css'
import '#/site/styles/index.css'
import '#/site/theme/typefaces.css'

import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { localDbAssets } from '#/device/local-db-assets.ts'
import { findSite } from '#/site/find-site.ts'
import { SiteDocument } from '#/site/site-document.tsx'
import { SiteRuntime } from '#/site/site-runtime.tsx'

interface LayoutProps {
  params: Promise<{ host: string }>
  children: ReactNode
}

export async function generateMetadata({ params }: LayoutProps): Promise<Metadata> {
  const site = await findSite((await params).host)
  if (!site) return { title: 'No site here', robots: { index: false } }
  const { metadata, business } = site.content
  return {
    title: { default: metadata.title, template: `%s · ${business.name}` },
    description: metadata.description,
    applicationName: business.name,
    icons: { icon: { url: '/favicon.svg', type: 'image/svg+xml' } },
    formatDetection: { telephone: false },
  }
}

export async function generateViewport({ params }: LayoutProps): Promise<Viewport> {
  const site = await findSite((await params).host)
  if (!site) return {}
  const { light, dark } = site.content.theme
  return {
    colorScheme: 'light dark',
    themeColor: [
      { media: '(prefers-color-scheme: light)', color: light.canvas },
      { media: '(prefers-color-scheme: dark)', color: dark.canvas },
    ],
  }
}

export default async function SiteLayout({ params, children }: LayoutProps) {
  const site = await findSite((await params).host)
  if (site) {
    return (
      <SiteDocument site={site}>
        <SiteRuntime tenantId={site.tenantId} locale={site.content.locale} localDb={await localDbAssets()}>
          {children}
        </SiteRuntime>
      </SiteDocument>
    )
  }
  return (
    <html lang="en">
      <body className="site">{children}</body>
    </html>
  )
}
