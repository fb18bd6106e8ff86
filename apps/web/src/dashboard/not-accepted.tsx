'use client'

import type { FormDefinition, QueueEntryView } from '@landfall/contract'
import { DownloadCopy, messagesFor, UnreadableList, useAttempt, useOutbox } from '@landfall/lead-form'
import type { LeadViewRow } from '@landfall/local-db'
import { Button, Timestamp } from '@landfall/ui'
import { summariseLead } from './lead-summary.ts'
import { statusLabel } from './status-labels.ts'

export interface NotAcceptedProps {
  /** Dead letters of this member. */
  letters: readonly QueueEntryView[]
  leads: readonly LeadViewRow[]
  forms: readonly FormDefinition[]
}

/** Changes that the server did not take, and records that cannot be read: each with what can be done about it. */
export function NotAccepted({ letters, leads, forms }: NotAcceptedProps) {
  return (
    <div className="dash-letters">
      <p>These changes were taken back on the board and wait here until you send them again or delete them.</p>
      <p>
        <DownloadCopy locale="en" />
      </p>
      <ul className="letters">
        {letters.map((letter) => (
          <Letter
            key={letter.opId}
            letter={letter}
            lead={leads.find((lead) => lead.id === letter.entityId)}
            forms={forms}
          />
        ))}
      </ul>
      <UnreadableList locale="en" />
    </div>
  )
}

interface LetterProps {
  letter: QueueEntryView
  lead: LeadViewRow | undefined
  forms: readonly FormDefinition[]
}

function Letter({ letter, lead, forms }: LetterProps) {
  const outbox = useOutbox()
  const { attempt, problem } = useAttempt('en')
  const who = lead && lead.status !== 'withdrawn' ? summariseLead(lead, forms).who : undefined
  const mine = letter.changes?.status
  const isSendable = letter.reason !== 'withdrawn' && lead !== undefined
  return (
    <li className="letter" data-letter={letter.opId} data-reason={letter.reason}>
      <p className="letter-title">
        <span dir="auto">{who ?? 'A lead that is not here any more'}</span>{' '}
        <Timestamp value={letter.capturedAt} locale="en" />
      </p>
      <dl className="letter-values">
        <dt>Field</dt>
        <dd>{typeof mine === 'string' ? 'Status' : letter.label}</dd>
        {typeof mine === 'string' ? (
          <>
            <dt>Yours</dt>
            <dd>{statusLabel(mine)}</dd>
          </>
        ) : null}
        {lead?.status ? (
          <>
            <dt>On the server</dt>
            <dd>{statusLabel(lead.status)}</dd>
          </>
        ) : null}
      </dl>
      {letter.reason ? <p>{messagesFor('en').rejections[letter.reason]}</p> : null}
      <p className="letter-actions">
        {isSendable ? (
          <Button
            size="small"
            aria-label={`Send again: ${letter.label}${who ? `, ${who}` : ''}`}
            onClick={() => attempt(() => outbox?.resend(letter.opId))}
          >
            Send again
          </Button>
        ) : null}
        <Button
          size="small"
          variant="quiet"
          aria-label={`Delete: ${letter.label}${who ? `, ${who}` : ''}`}
          onClick={() => {
            if (!confirm('Delete this change? It has not reached the server.')) return
            attempt(() => outbox?.discard(letter.opId))
          }}
        >
          Delete
        </Button>
      </p>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </li>
  )
}
