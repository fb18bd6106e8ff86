import type { LeadStatus } from '@landfall/contract'

export const STATUS_LABELS: Record<LeadStatus, string> = {
  new: 'New',
  reviewing: 'Looking at it',
  contacted: 'Contacted',
  won: 'Won',
  lost: 'Lost',
  spam: 'Spam',
  withdrawn: 'Withdrawn',
}

/** A status as people call it; one of a newer server as it is. */
export function statusLabel(status: string): string {
  return Object.hasOwn(STATUS_LABELS, status) ? STATUS_LABELS[status as LeadStatus] : status
}
