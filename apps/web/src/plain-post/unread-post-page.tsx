import type { Locale } from '@landfall/contract'
import { NeutralDocument } from './neutral-document.tsx'
import { unreadWords } from './words.ts'

/** What a post gets back that was not taken apart: there is nothing to show, so the way is back to the form. */
export function UnreadPostPage({ locale, reason }: { locale: Locale; reason: 'tooLarge' | 'unreadable' | 'foreign' }) {
  const words = unreadWords[locale]
  return (
    <NeutralDocument locale={locale} title={words.title}>
      <p>{words[reason]}</p>
      <p>{words.goBack}</p>
    </NeutralDocument>
  )
}
