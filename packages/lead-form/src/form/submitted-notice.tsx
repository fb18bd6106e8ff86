'use client'

import type { FieldProblems, FormDefinition, QueueEntryView } from '@landfall/contract'
import type { SyncState } from '@landfall/outbox'
import { useEffect, useRef } from 'react'
import { type Messages, messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { useEntries, useSyncState } from '../sync/use-sync-state.ts'
import type { LeadFormEventName } from './form-events.ts'

/** A receipt as far as the form cares. */
export interface ReceiptOfLead {
  leadId: string
  status: string
}

export interface SubmittedNoticeProps {
  definition: FormDefinition
  opId: string
  leadId: string
  enquiriesHref: string | undefined
  receipts: readonly ReceiptOfLead[] | undefined
  onEvent: (name: LeadFormEventName, detail: { submissionId: string; status?: string; error?: string }) => void
  onAnother: () => void
  onCorrect: (fields: FieldProblems) => void
}

/** Takes the place of the form once the lead is safe, and follows it: saved, sent, or in need of a person. */
export function SubmittedNotice(props: SubmittedNoticeProps) {
  const { definition, opId, leadId, enquiriesHref, onAnother, onCorrect } = props
  const messages = messagesFor(definition.locale)
  const outbox = useOutbox()
  const sync = useSyncState()
  const entry = useEntries().find((candidate) => candidate.opId === opId)
  const heading = useRef<HTMLHeadingElement>(null)
  useLeadEvents(props, entry)
  // The form is gone from under the reader's cursor: the answer takes the focus.
  useEffect(() => heading.current?.focus(), [])

  if (!entry && sync.lost > 0) {
    return (
      <div className="lf-notice" data-tone="danger" role="alert" data-lead={leadId} data-state="lost">
        <h3 className="lf-notice-title">{messages.lost.title}</h3>
        <p>{messages.lost.text}</p>
        <p className="lf-notice-actions">
          <button className="ui-button" type="button" onClick={() => onCorrect({})}>
            {messages.lost.again}
          </button>
        </p>
      </div>
    )
  }

  if (entry?.state === 'dead') {
    return (
      <div className="lf-notice" data-tone="danger" role="alert" data-lead={leadId} data-state="dead">
        <h3 className="lf-notice-title">{messages.rejected.title}</h3>
        <p>
          {entry.reason ? `${messages.rejections[entry.reason]} ` : ''}
          {messages.rejected.text}
        </p>
        <p className="lf-notice-actions">
          <button
            className="ui-button"
            type="button"
            onClick={async () => onCorrect((await outbox?.problemsOf(opId).catch(() => undefined)) ?? {})}
          >
            {messages.rejected.correct}
          </button>
        </p>
      </div>
    )
  }

  const isSent = entry?.state === 'delivered'
  return (
    <div
      className="lf-notice"
      data-tone={isSent ? 'success' : 'info'}
      data-lead={leadId}
      data-state={entry?.state ?? 'queued'}
    >
      <div role="status">
        <h3 className="lf-notice-title" ref={heading} tabIndex={-1}>
          {isSent ? messages.sent.title : messages.saved.title}
        </h3>
        <p>{isSent ? definition.thanks : savedText(sync, messages)}</p>
      </div>
      <p className="lf-notice-actions">
        {enquiriesHref ? <a href={enquiriesHref}>{messages.seeEnquiries}</a> : null}
        <button className="ui-button" data-variant="secondary" type="button" onClick={onAnother}>
          {messages.another}
        </button>
      </p>
    </div>
  )
}

/**
 * How it stands, and no more than this browser keeps: only some send with no page open, and storage that is not
 * persisted may be cleared.
 */
export function savedText(
  { isOnline, problem, canSendWithoutPage, storage }: SyncState,
  { saved }: Pick<Messages, 'saved'>,
): string {
  const stands = !isOnline ? saved.offline : problem ? saved.waiting : saved.online
  if (canSendWithoutPage) return `${stands} ${saved.mayClose}`
  return `${stands} ${storage === 'persisted' ? saved.keptHere : saved.keepOpen}`
}

/** Each step of a lead is told once. */
function useLeadEvents({ leadId, receipts, onEvent }: SubmittedNoticeProps, entry: QueueEntryView | undefined): void {
  const told = useRef(new Set<string>())
  const status = receipts?.find((receipt) => receipt.leadId === leadId)?.status
  useEffect(() => {
    const once = (key: string, tell: () => void) => {
      if (told.current.has(key)) return
      told.current.add(key)
      tell()
    }
    if (entry?.state === 'delivered') once('sent', () => onEvent('sent', { submissionId: leadId }))
    if (entry?.state === 'dead') {
      once('dead', () => onEvent('error', { submissionId: leadId, error: entry.reason ?? 'rejected' }))
    }
    if (status === undefined) return
    once('received', () => onEvent('received', { submissionId: leadId }))
    if (status !== 'received') once(`status:${status}`, () => onEvent('status', { submissionId: leadId, status }))
  }, [entry, status, leadId, onEvent])
}
