import type { Locale } from '@landfall/contract'
import { wordsFor } from './words/index.ts'

export function PageMissing({ locale }: { locale: Locale }) {
  const words = wordsFor(locale).notFound
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
