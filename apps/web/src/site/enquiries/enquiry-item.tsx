'use client'

import type { FormDefinition } from '@landfall/contract'
import { AmendForm, messagesFor } from '@landfall/lead-form'
import type { EnquiryRow } from '@landfall/local-db'
import { Timestamp } from '@landfall/ui'
import { useRef, useState } from 'react'
import { FailedActions } from './failed-actions.tsx'
import { RefusedChanges } from './refused-changes.tsx'
import { stepsOf } from './steps.ts'
import { UnreadActions } from './unread-actions.tsx'
import { enquiryWords } from './words.ts'

export interface EnquiryItemProps {
  row: EnquiryRow
  /** The form that the site's enquiries are sent with. */
  form: FormDefinition
  business: string
}

/** One enquiry with its way from the device to an answer, and what its visitor can still do about it. */
export function EnquiryItem({ row, form, business }: EnquiryItemProps) {
  const { locale } = form
  const words = enquiryWords[locale]
  const heading = useRef<HTMLHeadingElement>(null)
  /** Open to write a change: a new one, or one that was refused. */
  const [amending, setAmending] = useState<{ correct?: string }>()
  const close = () => {
    setAmending(undefined)
    // The form is gone from under the reader's cursor.
    heading.current?.focus()
  }
  return (
    <li className="enq-item" data-lead={row.lead_id} data-progress={row.progress}>
      <h2 className="enq-title" ref={heading} tabIndex={-1}>
        {row.label}
        <small>
          <Timestamp value={row.captured_at.toISOString()} locale={locale} />
        </small>
      </h2>
      <ol className="enq-steps">
        {stepsOf(row).map((step) => {
          const isAhead = step.state === 'todo' || (step.state === 'current' && step.at === null)
          const label = (isAhead && words.upcoming[step.name]) || words.steps[step.name]
          return (
            <li key={step.name} data-step={step.name} data-state={step.state}>
              {row.progress === 'sending' && step.name === 'sent' ? words.sending : label(business)}
              {step.at ? (
                <Timestamp
                  value={step.at.toISOString()}
                  locale={locale}
                  precision={isSameDay(step.at, row.captured_at) ? 'time' : 'minute'}
                />
              ) : null}
            </li>
          )
        })}
      </ol>
      {row.reason ? <p className="enq-reason">{messagesFor(locale).rejections[row.reason]}</p> : null}
      {row.progress === 'failed' ? <FailedActions leadId={row.lead_id} locale={locale} /> : null}
      <ChangeNote row={row} locale={locale} />
      {amending ? (
        <div className="enq-amend">
          <AmendForm form={form} leadId={row.lead_id} correct={amending.correct} onDone={close} onCancel={close} />
        </div>
      ) : (
        <>
          <RefusedChanges
            leadId={row.lead_id}
            locale={locale}
            business={business}
            onCorrect={(correct) => setAmending({ correct })}
          />
          <UnreadActions row={row} locale={locale} business={business} onChange={() => setAmending({})} />
        </>
      )}
    </li>
  )
}

/** The day stands at the top of an enquiry; its steps repeat it only when it is another. */
const isSameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()

/** That a change of the visitor's own is on its way, or when it was taken. */
function ChangeNote({ row, locale }: { row: EnquiryRow; locale: FormDefinition['locale'] }) {
  const words = enquiryWords[locale]
  if (row.progress === 'withdrawn' || row.progress === 'withdrawing') return null
  if (row.pending_changes > 0) {
    return (
      <p className="enq-note" role="status">
        {words.changePending}
      </p>
    )
  }
  if (!row.changed_at) return null
  return (
    <p className="enq-note" role="status">
      {words.changed} <Timestamp value={row.changed_at.toISOString()} locale={locale} />
    </p>
  )
}
