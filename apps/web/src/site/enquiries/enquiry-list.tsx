'use client'

import type { FormDefinition } from '@landfall/contract'
import { useOutbox } from '@landfall/lead-form'
import { useLocalDb } from '@landfall/local-db/react'
import { ButtonLink, EmptyState, InboxIcon, Skeleton, Spinner } from '@landfall/ui'
import { LiveSyncStatus } from '#/device/live-sync-status.tsx'
import { EnquiryItem } from './enquiry-item.tsx'
import { Undelivered } from './undelivered.tsx'
import { useKnownEnquiries } from './use-known-enquiries.ts'
import { enquiryWords } from './words.ts'

/** Everything sent from this device, live: saved, sent, received, and what the business made of it. */
export function EnquiryList({ form, business }: { form: FormDefinition; business: string }) {
  const { locale } = form
  const words = enquiryWords[locale]
  const hasStarted = useOutbox() !== undefined
  const rows = useKnownEnquiries()
  // Until the local database is open the list shows what the outbox knows, which ends at "sent".
  const isLookingUp = useLocalDb().status?.phase === 'opening'
  return (
    <>
      <div className="enq-status">
        <LiveSyncStatus shape="receipts" locale={locale} />
        {isLookingUp && rows.length > 0 ? (
          <span className="enq-loading">
            <Spinner />
            {words.loading}
          </span>
        ) : null}
      </div>
      <Undelivered rows={rows} locale={locale} business={business} />
      {rows.length > 0 ? (
        <ul className="enq-list">
          {rows.map((row) => (
            <EnquiryItem key={row.lead_id} row={row} form={form} business={business} />
          ))}
        </ul>
      ) : hasStarted ? (
        <EmptyState
          icon={<InboxIcon />}
          title={words.empty.title}
          action={<ButtonLink href="/#contact">{words.empty.action}</ButtonLink>}
        >
          {words.empty.text}
        </EmptyState>
      ) : (
        <div className="enq-item" aria-hidden="true">
          <Skeleton inlineSize="30%" />
          <Skeleton inlineSize="75%" />
        </div>
      )}
    </>
  )
}
