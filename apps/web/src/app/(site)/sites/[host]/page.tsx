import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { uuidv7 } from 'uuidv7'
import { attributionOfPage } from '#/site/attribution-of-page.ts'
import { findSite } from '#/site/find-site.ts'
import { InteractiveForm } from '#/site/interactive-form.tsx'
import { About } from '#/site/sections/about.tsx'
import { Contact } from '#/site/sections/contact.tsx'
import { Faq } from '#/site/sections/faq.tsx'
import { Hero } from '#/site/sections/hero.tsx'
import { Services } from '#/site/sections/services.tsx'
import { Testimonials } from '#/site/sections/testimonials.tsx'
import { siteOrigin } from '#/site/site-origin.ts'

interface PageProps {
  params: Promise<{ host: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const OPEN_GRAPH_LOCALE = { en: 'en_GB', ar: 'ar_JO' } as const

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const site = await findSite((await params).host)
  if (!site) return {}
  const { metadata, business, locale } = site.content
  const origin = siteOrigin(await headers())
  return {
    metadataBase: origin,
    alternates: { canonical: '/' },
    openGraph: {
      type: 'website',
      url: '/',
      siteName: business.name,
      title: metadata.title,
      description: metadata.description,
      locale: OPEN_GRAPH_LOCALE[locale],
    },
  }
}

export default async function SitePage({ params, searchParams }: PageProps) {
  const site = await findSite((await params).host)
  if (!site) notFound()
  const { services, about, testimonials, faq } = site.content
  return (
    <>
      <Hero site={site} />
      <Services services={services} />
      <About about={about} />
      <Testimonials testimonials={testimonials} />
      <Faq faq={faq} />
      <Contact site={site}>
        <InteractiveForm
          form={site.form}
          submissionId={uuidv7()}
          attribution={attributionOfPage(await headers(), await searchParams)}
        />
      </Contact>
    </>
  )
}
