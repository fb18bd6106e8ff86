'use client'

import type { Locale } from '@landfall/contract'
import { messagesFor, useAttempt, useEntries, useOutbox } from '@landfall/lead-form'
import { Button, ButtonLink } from '@landfall/ui'
import { correctHref } from './correct-link.ts'
import { enquiryWords } from './words.ts'

/** What a person can do about a message that was not accepted; until then it is kept. */
export function FailedActions({ leadId, locale }: { leadId: string; locale: Locale }) {
  const words = enquiryWords[locale]
  const outbox = useOutbox()
  const { attempt, problem } = useAttempt(locale)
  const opId = useEntries().find(
    (entry) => entry.entityId === leadId && entry.action === 'insert' && entry.state === 'dead',
  )?.opId
  if (!outbox || !opId) return null
  return (
    <div className="enq-actions">
      <ButtonLink size="small" href={correctHref(opId)}>
        {messagesFor(locale).rejected.correct}
      </ButtonLink>
      <Button
        size="small"
        variant="quiet"
        onClick={() => {
          if (confirm(words.discardQuestion)) attempt(() => outbox.discard(opId))
        }}
      >
        {words.discard}
      </Button>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
