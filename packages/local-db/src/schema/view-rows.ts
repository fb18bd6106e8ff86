import type { LeadRow, RejectionReason } from '@landfall/contract'

/** How far an enquiry has come, in the words of its visitor, who may take it back while nobody has read it. */
export type EnquiryProgress =
  | 'saved'
  | 'sending'
  | 'sent'
  | 'received'
  | 'reviewing'
  | 'contacted'
  | 'closed'
  | 'failed'
  | 'withdrawing'
  | 'withdrawn'

/** Row of the view `enquiries`: one a lead, newest first. */
export interface EnquiryRow {
  lead_id: string
  label: string
  progress: EnquiryProgress
  captured_at: Date
  /** When the server answered our delivery. */
  sent_at: Date | null
  received_at: Date | null
  status_changed_at: Date | null
  /** Why it failed; null in every other progress. */
  reason: RejectionReason | null
  attempts: number
  next_attempt_at: Date | null
  /** Amendments by the visitor that the server has not answered yet. */
  pending_changes: number
  /** When the server took the last amendment. */
  changed_at: Date | null
}

/** Row of the view `leads`: the synced row under the member's own edits that are on their way. */
export type LeadViewRow = Omit<LeadRow, 'captured_at' | 'received_at' | 'updated_at' | 'status'> & {
  /** Null only where an edit sets it so. */
  status: string | null
  captured_at: Date
  received_at: Date
  updated_at: Date
  _has_local_changes: boolean
  /** Operation whose edit is shown. */
  _pending_write_id: string | null
}
