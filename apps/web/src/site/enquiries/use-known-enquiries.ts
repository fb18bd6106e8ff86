'use client'

import type { QueueEntryView } from '@landfall/contract'
import { useEntries } from '@landfall/lead-form'
import type { EnquiryRow } from '@landfall/local-db'
import { useEnquiries } from '@landfall/local-db/react'
import { enquiryOfEntries, pendingChanges } from './enquiry-of-entries.ts'

/** The visitor's enquiries: from the local database, and until it is open from the outbox alone. */
export function useKnownEnquiries(): readonly EnquiryRow[] {
  const rows = useEnquiries()
  const entries = useEntries()
  // The database may be a moment behind a lead that was saved just now.
  const missing = entries.filter((entry) => isLead(entry) && !rows?.some((row) => row.lead_id === entry.entityId))
  const known = (rows ?? []).map((row) => ({ ...row, pending_changes: pendingChanges(row.lead_id, entries) }))
  return [...missing.map((lead) => enquiryOfEntries(lead, entries)).reverse(), ...known]
}

const isLead = (entry: QueueEntryView) => entry.entity === 'lead' && entry.action === 'insert'
