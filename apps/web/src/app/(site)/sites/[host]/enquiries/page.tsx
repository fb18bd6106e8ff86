import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EnquiryList } from '#/site/enquiries/enquiry-list.tsx'
import { findSite } from '#/site/find-site.ts'
import { wordsFor } from '#/site/words/index.ts'

interface PageProps {
  params: Promise<{ host: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const site = await findSite((await params).host)
  if (!site) return {}
  return { title: wordsFor(site.content.locale).enquiries.title, robots: { index: false } }
}

export default async function EnquiriesPage({ params }: PageProps) {
  const site = await findSite((await params).host)
  if (!site) notFound()
  const words = wordsFor(site.content.locale).enquiries
  return (
    <div className="plain-page">
      <h1>{words.title}</h1>
      <p className="plain-page-intro">{words.intro}</p>
      <noscript>
        <p className="ui-notice">{words.needsScript}</p>
      </noscript>
      <EnquiryList form={site.form} business={site.content.business.name} />
      <p>
        <a href="/">{words.back}</a>
      </p>
    </div>
  )
}
