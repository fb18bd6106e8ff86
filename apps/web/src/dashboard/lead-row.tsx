'use client'

import { type FormDefinition, LEAD_STATUSES, type LeadStatus } from '@landfall/contract'
import { useOutbox } from '@landfall/lead-form'
import type { LeadViewRow } from '@landfall/local-db'
import { Badge, RelativeTime, Timestamp } from '@landfall/ui'
import { useState } from 'react'
import { LeadMessage } from './lead-message.tsx'
import { type LeadSummary, summariseLead } from './lead-summary.ts'

const STATUS_LABELS: Record<LeadStatus, string> = {
  new: 'New',
  reviewing: 'Looking at it',
  contacted: 'Contacted',
  won: 'Won',
  lost: 'Lost',
  spam: 'Spam',
}

export function LeadRow({ lead, forms }: { lead: LeadViewRow; forms: readonly FormDefinition[] }) {
  const summary = summariseLead(lead, forms)
  return (
    <tr data-lead={lead.id} data-state={lead._has_local_changes ? 'pending' : undefined}>
      <td data-label="Who">
        <div className="dash-who">
          <span dir="auto">{summary.who}</span>
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
        <LeadMessage text={summary.message} who={summary.who} />
      </td>
      <td data-label="When">
        <Clocks lead={lead} />
      </td>
      <td data-label="Status">
        <StatusSelect lead={lead} who={summary.who} />
        {lead._has_local_changes ? <p className="dash-pending">Saved here, not sent yet</p> : null}
      </td>
    </tr>
  )
}

/** Both clocks where they tell different things: when it was written, and when it reached us. */
function Clocks({ lead }: { lead: LeadViewRow }) {
  const received = lead.received_at.toISOString()
  return (
    <div className="dash-clocks">
      <RelativeTime value={received} locale="en" />
      {lead.captured_offline ? (
        <>
          <Badge tone="info">Captured offline</Badge>
          <span>
            Written <Timestamp value={lead.captured_at.toISOString()} locale="en" />
          </span>
          <span>
            Received <Timestamp value={received} locale="en" />
          </span>
        </>
      ) : null}
    </div>
  )
}

/** Changes at once on this device; the outbox takes it to the server, now or when there is a network. */
function StatusSelect({ lead, who }: { lead: LeadViewRow; who: LeadSummary['who'] }) {
  const outbox = useOutbox()
  const [problem, setProblem] = useState<string>()
  const change = async (status: LeadStatus) => {
    setProblem(undefined)
    try {
      await outbox?.enqueue({
        entity: 'lead',
        action: 'update',
        entityId: lead.id,
        baseVersion: lead.version,
        label: `Status: ${STATUS_LABELS[status]}`,
        changes: { status },
        payload: { status },
      })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The change could not be saved.')
    }
  }
  return (
    <>
      <select
        className="dash-select"
        aria-label={`Status of ${who}`}
        data-status={lead.status ?? undefined}
        value={lead.status ?? 'new'}
        disabled={!outbox}
        onChange={(event) => void change(event.target.value as LeadStatus)}
      >
        {LEAD_STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_LABELS[status]}
          </option>
        ))}
      </select>
      {problem ? (
        <p className="lf-error" role="alert">
          {problem}
        </p>
      ) : null}
    </>
  )
}
