'use client'

import type { Locale } from '@landfall/contract'
import { messagesFor, useEntries, useOutbox } from '@landfall/lead-form'
import type { EnquiryProgress, EnquiryRow } from '@landfall/local-db'
import { OutboxUnavailableError } from '@landfall/outbox'
import { Button } from '@landfall/ui'
import { useState } from 'react'
import { enquiryWords } from './words.ts'

/** Until the business has begun to read it, an enquiry is its visitor's own. */
const IS_UNREAD: Record<EnquiryProgress, boolean> = {
  saved: true,
  sending: false,
  sent: true,
  received: true,
  reviewing: false,
  contacted: false,
  closed: false,
  failed: false,
  withdrawing: false,
  withdrawn: false,
}

export interface UnreadActionsProps {
  row: EnquiryRow
  locale: Locale
  business: string
  onChange: () => void
}

/** Changing and withdrawing what nobody has read yet; both wait in the queue where there is no network. */
export function UnreadActions({ row, locale, business, onChange }: UnreadActionsProps) {
  const words = enquiryWords[locale]
  const outbox = useOutbox()
  const [problem, setProblem] = useState<string>()
  // The answer to a change may know more than the receipt that has not come yet.
  const isToldRead = useEntries().some((entry) => entry.entityId === row.lead_id && entry.reason === 'already_read')
  if (!outbox || !IS_UNREAD[row.progress] || isToldRead) return null
  const withdraw = async () => {
    if (!confirm(words.withdrawQuestion(business))) return
    setProblem(undefined)
    try {
      const { lead_id: entityId, label } = row
      await outbox.enqueue({ entity: 'lead', action: 'delete', entityId, label, payload: {} })
    } catch (error) {
      if (!(error instanceof OutboxUnavailableError)) throw error
      setProblem(messagesFor(locale).unkept[error.reason])
    }
  }
  return (
    <div className="enq-actions">
      <Button size="small" variant="secondary" onClick={onChange}>
        {words.change}
      </Button>
      <Button size="small" variant="quiet" onClick={() => void withdraw()}>
        {words.withdraw}
      </Button>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
