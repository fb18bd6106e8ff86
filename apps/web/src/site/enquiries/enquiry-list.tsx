'use client'

import type { Locale } from '@landfall/contract'
import { SyncStatus, useOutbox } from '@landfall/lead-form'
import { ButtonLink, EmptyState, Skeleton } from '@landfall/ui'
import { EnquiryItem } from './enquiry-item.tsx'
import { useKnownEnquiries } from './use-known-enquiries.ts'
import { enquiryWords } from './words.ts'

/** Everything sent from this device, live: saved, sent, received, and what the business made of it. */
export function EnquiryList({ locale, business }: { locale: Locale; business: string }) {
  const words = enquiryWords[locale]
  const hasStarted = useOutbox() !== undefined
  const rows = useKnownEnquiries()
  return (
    <>
      <div>
        <SyncStatus locale={locale} />
      </div>
      {rows.length > 0 ? (
        <ul className="enq-list">
          {rows.map((row) => (
            <EnquiryItem key={row.lead_id} row={row} locale={locale} business={business} />
          ))}
        </ul>
      ) : hasStarted ? (
        <EmptyState title={words.empty.title} action={<ButtonLink href="/#contact">{words.empty.action}</ButtonLink>}>
          {words.empty.text}
        </EmptyState>
      ) : (
        <p className="enq-loading" aria-hidden="true">
          <Skeleton inlineSize="60%" />
        </p>
      )}
    </>
  )
}
