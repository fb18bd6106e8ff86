'use client'

import type { FormDefinition } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'
import { Badge, RelativeTime, Timestamp } from '@landfall/ui'
import { useRef, useState } from 'react'
import { ConflictNotice, type StatusSwap, SwappedNotice } from './conflict-notice.tsx'
import { LeadMessage } from './lead-message.tsx'
import { summariseLead } from './lead-summary.ts'
import { LeadNotes } from './notes/lead-notes.tsx'
import { SpamReview } from './spam-review.tsx'
import { isCurrent, type StatusConflict } from './status-conflict.ts'
import { StatusSelect } from './status-select.tsx'

export interface LeadRowProps {
  lead: Lead
  forms: readonly FormDefinition[]
  conflict: StatusConflict | undefined
  onPutAway: (conflict: StatusConflict) => void
  noteCount: number
}

export function LeadRow({ lead, forms, conflict, onPutAway, noteCount }: LeadRowProps) {
  const summary = summariseLead(lead, forms)
  const { who } = summary
  const shown = conflict && isCurrent(conflict, lead) ? conflict : undefined
  const [swap, setSwap] = useState<StatusSwap>()
  const row = useRef<HTMLTableRowElement>(null)
  // The note is gone from under the reader's finger: the status it was about takes the focus.
  const focusStatus = () => row.current?.querySelector('select')?.focus()
  return (
    <tr ref={row} data-lead={lead.id} data-state={shown ? 'conflict' : lead._hasLocalChanges ? 'pending' : undefined}>
      <td data-label="Who">
        <div className="dash-who">
          <span dir="auto">{who}</span>
          {summary.contacts.map((contact) => (
            <a key={contact.href} href={contact.href}>
              <bdi>{contact.text}</bdi>
            </a>
          ))}
        </div>
      </td>
      <td data-label="Message">
        {summary.topic ? (
          <p className="dash-form" dir="auto">
            {summary.topic}
          </p>
        ) : null}
        <LeadMessage text={summary.message} who={who} />
        {lead.status === 'spam' ? <SpamReview lead={lead} who={who} /> : null}
        <LeadNotes leadId={lead.id} who={who} count={noteCount} />
      </td>
      <td data-label="When">
        <Clocks lead={lead} />
      </td>
      <td data-label="Status">
        <StatusSelect lead={lead} who={who} />
        {lead._hasLocalChanges ? <p className="dash-pending">Saved here, not sent yet</p> : null}
        {shown ? (
          <ConflictNotice
            lead={lead}
            who={who}
            conflict={shown}
            onSwapped={(done) => {
              setSwap(done)
              focusStatus()
            }}
            onPutAway={() => {
              onPutAway(shown)
              focusStatus()
            }}
          />
        ) : swap?.to === lead.status && swap ? (
          <SwappedNotice
            lead={lead}
            who={who}
            swap={swap}
            onDone={() => {
              setSwap(undefined)
              focusStatus()
            }}
          />
        ) : null}
      </td>
    </tr>
  )
}

/** Both clocks where they tell different things: when it was written, and when it reached us. */
function Clocks({ lead }: { lead: Lead }) {
  const received = lead.receivedAt.toISOString()
  return (
    <div className="dash-clocks">
      <RelativeTime value={received} locale="en" />
      {lead.capturedOffline ? (
        <>
          <Badge tone="info">Captured offline</Badge>
          <span>
            Written <Timestamp value={lead.capturedAt.toISOString()} locale="en" />
          </span>
          <span>
            Received <Timestamp value={received} locale="en" />
          </span>
        </>
      ) : null}
    </div>
  )
}
