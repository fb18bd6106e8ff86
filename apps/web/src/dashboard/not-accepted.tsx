'use client'

import type { FormDefinition, QueueEntryView } from '@landfall/contract'
import { DownloadCopy, messagesFor, UnreadableList, useAttempt, useOutbox } from '@landfall/lead-form'
import type { Lead } from '@landfall/local-db/tables'
import { Button, Timestamp } from '@landfall/ui'
import { Fragment } from 'react'
import { summariseLead } from './lead-summary.ts'
import { statusLabel } from './status-labels.ts'
import { useLeadsOfLetters } from './use-leads-of-letters.ts'

export interface NotAcceptedProps {
  /** Dead letters of this member. */
  letters: readonly QueueEntryView[]
  forms: readonly FormDefinition[]
}

/** Changes that the server did not take, and records that cannot be read: each with what can be done about it. */
export function NotAccepted({ letters, forms }: NotAcceptedProps) {
  const leadOf = useLeadsOfLetters(letters)
  return (
    <div className="dash-letters">
      <p>These changes were taken back on the board and wait here until you send them again or delete them.</p>
      <p>
        <DownloadCopy locale="en" />
      </p>
      <ul className="letters">
        {letters.map((letter) => (
          <Letter key={letter.opId} letter={letter} lead={leadOf(letter)} forms={forms} />
        ))}
      </ul>
      <UnreadableList locale="en" />
    </div>
  )
}

interface LetterProps {
  letter: QueueEntryView
  lead: Lead | undefined
  forms: readonly FormDefinition[]
}

function Letter({ letter, lead, forms }: LetterProps) {
  const outbox = useOutbox()
  const { attempt, problem } = useAttempt('en')
  const who = lead && lead.status !== 'withdrawn' ? summariseLead(lead, forms).who : undefined
  const isSendable = letter.reason !== 'withdrawn' && lead !== undefined
  return (
    <li className="letter" data-letter={letter.opId} data-reason={letter.reason}>
      <p className="letter-title">
        <span dir="auto">{who ?? 'A lead that is not here any more'}</span>{' '}
        <Timestamp value={letter.capturedAt} locale="en" />
      </p>
      <dl className="letter-values">
        {valuesOf(letter, lead).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </Fragment>
        ))}
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

/** What it was about, what its member wanted, and what stands instead. */
function valuesOf({ entity, label, changes }: QueueEntryView, lead: Lead | undefined): [string, string][] {
  const { status, body } = changes ?? {}
  switch (entity) {
    case 'note':
      return typeof body === 'string'
        ? [
            ['Field', 'Note'],
            ['Yours', body],
          ]
        : [['Field', label]]
    default: {
      const mine: [string, string][] = typeof status === 'string' ? [['Yours', statusLabel(status)]] : []
      const theirs: [string, string][] = lead?.status ? [['On the server', statusLabel(lead.status)]] : []
      return [['Field', mine.length > 0 ? 'Status' : label], ...mine, ...theirs]
    }
  }
}
