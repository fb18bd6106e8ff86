import type { LeadViewRow } from '../schema/view-rows.ts'
import { useLiveRows } from './use-live-rows.ts'

/** The tenant's leads with the member's own pending edits, newest first; undefined until the database is open. */
export function useLeads(): readonly LeadViewRow[] | undefined {
  return useLiveRows<LeadViewRow>('SELECT * FROM leads ORDER BY received_at DESC, id DESC')
}
