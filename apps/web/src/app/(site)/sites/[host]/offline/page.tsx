import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { findSite } from '#/site/find-site.ts'
import { wordsFor } from '#/site/words/index.ts'

interface PageProps {
  params: Promise<{ host: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const site = await findSite((await params).host)
  return site ? { title: wordsFor(site.content.locale).offline.title, robots: { index: false } } : {}
}

/** What the service worker answers when a page was never on this device. */
export default async function OfflinePage({ params }: PageProps) {
  const site = await findSite((await params).host)
  if (!site) notFound()
  const words = wordsFor(site.content.locale).offline
  return (
    <div className="plain-page">
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <p className="plain-page-intro">{words.kept}</p>
      <p>
        <a className="ui-button" href="/">
          {words.home}
        </a>
      </p>
    </div>
  )
}
