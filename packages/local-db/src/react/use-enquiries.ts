import type { EnquiryRow } from '../schema/view-rows.ts'
import { useLiveRows } from './use-live-rows.ts'

/** The visitor's enquiries, newest first; undefined until the database is open. */
export function useEnquiries(): readonly EnquiryRow[] | undefined {
  return useLiveRows<EnquiryRow>('SELECT * FROM enquiries ORDER BY captured_at DESC, lead_id DESC')
}
