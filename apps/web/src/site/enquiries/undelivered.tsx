'use client'

import type { Locale } from '@landfall/contract'
import { DownloadCopy, UnreadableList, useLetters, useQuarantine } from '@landfall/lead-form'
import type { EnquiryRow } from '@landfall/local-db'
import { RefusedChanges } from './refused-changes.tsx'
import { enquiryWords } from './words.ts'

export interface UndeliveredProps {
  /** Enquiries of the list, which show their own refusals. */
  rows: readonly EnquiryRow[]
  locale: Locale
  business: string
}

/** What could not be delivered: a copy of all of it, and whatever has no place in the list of enquiries. */
export function Undelivered({ rows, locale, business }: UndeliveredProps) {
  const words = enquiryWords[locale].letters
  const letters = useLetters()
  const quarantined = useQuarantine()
  if (letters.length + quarantined.length === 0) return null
  const homeless = new Set(
    letters.filter((letter) => !rows.some((row) => row.lead_id === letter.entityId)).map(({ entityId }) => entityId),
  )
  return (
    <section className="enq-undelivered" aria-labelledby="undelivered">
      <h2 id="undelivered" className="enq-title">
        {words.title}
      </h2>
      <p>{words.text}</p>
      <p>
        <DownloadCopy locale={locale} />
      </p>
      <UnreadableList locale={locale} />
      {[...homeless].map((leadId) => (
        // Without its enquiry there is no form to correct it in: it can be sent again as it is, or deleted.
        <RefusedChanges key={leadId} leadId={leadId} locale={locale} business={business} onCorrect={undefined} />
      ))}
    </section>
  )
}
