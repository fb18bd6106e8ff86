'use client'

import type { Locale, QueueEntryView } from '@landfall/contract'
import { isMereAnswer, messagesFor, useAttempt, useEntries, useOutbox } from '@landfall/lead-form'
import { Button, Notice } from '@landfall/ui'
import { enquiryWords } from './words.ts'

export interface RefusedChangesProps {
  leadId: string
  locale: Locale
  business: string
  /** Opens a refused change, by its operation id, to be corrected; undefined where there is no form to open. */
  onCorrect: ((opId: string) => void) | undefined
}

/** What the visitor wanted to change and the server did not take: in words, with what can be done about it. */
export function RefusedChanges({ leadId, locale, business, onCorrect }: RefusedChangesProps) {
  const refused = useEntries().filter(
    (entry) => entry.entityId === leadId && entry.action !== 'insert' && entry.state === 'dead',
  )
  return refused.map((entry) =>
    isMereAnswer(entry) ? (
      <TooLate key={entry.opId} entry={entry} locale={locale} business={business} />
    ) : (
      <Refused key={entry.opId} entry={entry} locale={locale} onCorrect={onCorrect} />
    ),
  )
}

/** `delete` is a withdrawal; a dead insert is not shown here. */
const kindOf = ({ action }: QueueEntryView) => (action === 'delete' ? 'delete' : 'update')

/** No failure of anybody: the business was faster. */
function TooLate({ entry, locale, business }: { entry: QueueEntryView; locale: Locale; business: string }) {
  const words = enquiryWords[locale]
  const outbox = useOutbox()
  const { attempt, problem } = useAttempt(locale)
  return (
    <Notice
      tone="warning"
      role="status"
      title={words.tooLate[kindOf(entry)]}
      data-refused={entry.reason}
      actions={
        <Button size="small" variant="secondary" onClick={() => attempt(() => outbox?.discard(entry.opId))}>
          {words.understood}
        </Button>
      }
    >
      <p>{entry.reason === 'withdrawn' ? words.withdrawnBefore : words.tooLateText(business)}</p>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </Notice>
  )
}

function Refused({
  entry,
  locale,
  onCorrect,
}: Pick<RefusedChangesProps, 'locale' | 'onCorrect'> & { entry: QueueEntryView }) {
  const words = enquiryWords[locale]
  const messages = messagesFor(locale)
  const outbox = useOutbox()
  const { attempt, problem } = useAttempt(locale)
  const kind = kindOf(entry)
  return (
    <Notice
      tone="danger"
      role="status"
      title={words.refused[kind]}
      data-refused={entry.reason}
      actions={
        <>
          {kind === 'update' && onCorrect ? (
            <Button size="small" onClick={() => onCorrect(entry.opId)}>
              {messages.rejected.correct}
            </Button>
          ) : (
            <Button size="small" onClick={() => attempt(() => outbox?.resend(entry.opId))}>
              {words.sendAgain}
            </Button>
          )}
          <Button
            size="small"
            variant="quiet"
            onClick={() => {
              if (confirm(words.discardQuestion)) attempt(() => outbox?.discard(entry.opId))
            }}
          >
            {words.discard}
          </Button>
        </>
      }
    >
      {entry.reason ? <p>{messages.rejections[entry.reason]}</p> : null}
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </Notice>
  )
}
