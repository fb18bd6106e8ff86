import { CheckIcon } from '@landfall/ui'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { findSite } from '#/site/find-site.ts'
import { wordsFor } from '#/site/words/index.ts'

interface PageProps {
  params: Promise<{ host: string }>
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const site = await findSite((await params).host)
  return site ? { title: wordsFor(site.content.locale).sent.title, robots: { index: false } } : {}
}

/** The answer to a form that was posted without JavaScript and stored. */
export default async function SentPage({ params }: PageProps) {
  const site = await findSite((await params).host)
  if (!site) notFound()
  const words = wordsFor(site.content.locale).sent
  return (
    <div className="plain-page">
      <div className="plain-page-mark">
        <CheckIcon />
      </div>
      <h1>{words.title}</h1>
      <p className="plain-page-intro">{site.form.thanks}</p>
      <p>
        <a className="ui-button" href="/">
          {words.home}
        </a>
      </p>
    </div>
  )
}
