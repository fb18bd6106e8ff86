import { headers } from 'next/headers'
import { findSite } from '#/site/find-site.ts'
import { wordsFor } from '#/site/words/index.ts'

/** A page that a site does not have, or a host that has no site. */
export default async function NotFound() {
  const site = await findSite((await headers()).get('host') ?? '')
  if (!site) {
    return (
      <main className="plain-page">
        <h1>There is no site at this address</h1>
        <p>Either it has not been set up yet, or the address has a slip in it. Nothing is wrong with your device.</p>
      </main>
    )
  }
  const words = wordsFor(site.content.locale).notFound
  return (
    <div className="plain-page">
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <p>
        <a className="ui-button" href="/">
          {words.home}
        </a>
      </p>
    </div>
  )
}
