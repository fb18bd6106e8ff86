'use client'

import type { QueueEntryView } from '@landfall/contract'
import { useEntries } from '@landfall/lead-form'
import type { EnquiryProgress, EnquiryRow } from '@landfall/local-db'
import { useEnquiries } from '@landfall/local-db/react'

const PROGRESS_OF: Record<QueueEntryView['state'], EnquiryProgress> = {
  queued: 'saved',
  sending: 'sending',
  delivered: 'sent',
  dead: 'failed',
}

const asDate = (iso: string | null) => (iso === null ? null : new Date(iso))

/** The visitor's enquiries: from the local database, and until it is open from the outbox alone. */
export function useKnownEnquiries(): readonly EnquiryRow[] {
  const rows = useEnquiries()
  const entries = useEntries()
  // The database may be a moment behind a lead that was saved just now.
  const missing = entries.filter((entry) => isLead(entry) && !rows?.some((row) => row.lead_id === entry.entityId))
  return [...missing.map(fromEntry).reverse(), ...(rows ?? [])]
}

const isLead = (entry: QueueEntryView) => entry.entity === 'lead' && entry.action === 'insert'

function fromEntry(entry: QueueEntryView): EnquiryRow {
  return {
    lead_id: entry.entityId,
    label: entry.label,
    progress: PROGRESS_OF[entry.state],
    captured_at: new Date(entry.capturedAt),
    sent_at: asDate(entry.deliveredAt),
    received_at: null,
    status_changed_at: null,
    reason: entry.reason,
    attempts: entry.attempts,
    next_attempt_at: asDate(entry.nextAttemptAt),
  }
}
