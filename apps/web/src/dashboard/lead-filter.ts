import type { LeadStatus, QueueEntryView } from '@landfall/contract'

/** Leads that stand together on the board: those to work on, what looks like spam, what visitors took back. */
export type LeadView = 'leads' | 'spam' | 'withdrawn'

/** What the board shows: leads, or what the server did not take. */
export type BoardView = LeadView | 'not-accepted'

export interface LeadCounts extends Record<LeadView, number> {
  /** Of `leads`, those that nobody has looked at. */
  fresh: number
}

export function countViews(byStatus: ReadonlyMap<LeadStatus, number>): LeadCounts {
  const counts: LeadCounts = { leads: 0, spam: 0, withdrawn: 0, fresh: byStatus.get('new') ?? 0 }
  for (const [status, count] of byStatus) counts[viewOf(status)] += count
  return counts
}

const viewOf = (status: LeadStatus): LeadView => (status === 'spam' || status === 'withdrawn' ? status : 'leads')

/** Everything that the server did not take of this member, whether there is something to do about it or not. */
export const isNotAccepted = ({ state }: QueueEntryView) => state === 'dead'
