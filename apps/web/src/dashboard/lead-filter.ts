import type { QueueEntryView } from '@landfall/contract'
import type { LeadViewRow } from '@landfall/local-db'

/** What the board shows: leads, what looks like spam, what visitors took back, or what the server did not take. */
export type BoardView = 'leads' | 'spam' | 'withdrawn' | 'not-accepted'

export interface SortedLeads {
  leads: LeadViewRow[]
  spam: LeadViewRow[]
  withdrawn: LeadViewRow[]
}

export function sortLeads(rows: readonly LeadViewRow[]): SortedLeads {
  const sorted: SortedLeads = { leads: [], spam: [], withdrawn: [] }
  for (const row of rows) sorted[viewOf(row)].push(row)
  return sorted
}

function viewOf({ status }: LeadViewRow): keyof SortedLeads {
  return status === 'spam' || status === 'withdrawn' ? status : 'leads'
}

/** Everything that the server did not take of this member, whether there is something to do about it or not. */
export const isNotAccepted = ({ state }: QueueEntryView) => state === 'dead'
