'use client'

import type { Locale } from '@landfall/contract'
import { messagesFor, useEntries, useOutbox } from '@landfall/lead-form'
import type { EnquiryRow } from '@landfall/local-db'
import { Button, ButtonLink, Timestamp } from '@landfall/ui'
import { correctHref } from './correct-link.ts'
import { stepsOf } from './steps.ts'
import { enquiryWords } from './words.ts'

/** One enquiry with its way from the device to an answer. */
export function EnquiryItem({ row, locale, business }: { row: EnquiryRow; locale: Locale; business: string }) {
  const words = enquiryWords[locale]
  const messages = messagesFor(locale)
  return (
    <li className="enq-item" data-lead={row.lead_id} data-progress={row.progress}>
      <h2 className="enq-title">
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
      {row.reason ? <p className="enq-reason">{messages.rejections[row.reason]}</p> : null}
      {row.progress === 'failed' ? <FailedActions leadId={row.lead_id} locale={locale} /> : null}
    </li>
  )
}

/** The day stands at the top of an enquiry; its steps repeat it only when it is another. */
const isSameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString()

/** What a person can do about a message that was not accepted; until then it is kept. */
function FailedActions({ leadId, locale }: { leadId: string; locale: Locale }) {
  const words = enquiryWords[locale]
  const outbox = useOutbox()
  const opId = useEntries().find((entry) => entry.entityId === leadId && entry.state === 'dead')?.opId
  if (!outbox || !opId) return null
  return (
    <p className="enq-actions">
      <ButtonLink size="small" href={correctHref(opId)}>
        {messagesFor(locale).rejected.correct}
      </ButtonLink>
      <Button
        size="small"
        variant="quiet"
        onClick={() => {
          if (confirm(words.discardQuestion)) void outbox.discard(opId)
        }}
      >
        {words.discard}
      </Button>
    </p>
  )
}
