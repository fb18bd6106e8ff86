import type { Lead } from '@landfall/local-db/tables'

/** What a live query shows of the leads. */
export const LIVE_VIEWS = ['newest 100', 'count by status', 'all rows'] as const
export type LiveView = (typeof LIVE_VIEWS)[number]

export interface LeadRow {
  id: string
  status: string
}

export interface StatusCount {
  status: string
  leads: number
}

/** A database that holds leads, and tells a live query of what changes. */
export interface HeldDatabase {
  /** Of the newest hundred. */
  newestIds(): Promise<string[]>
  /** Calls back with the rows, first before it resolves. Returns the end of it. */
  show(view: LiveView, onRows: (rows: readonly (LeadRow | StatusCount)[]) => void): Promise<() => void>
  change(id: string, status: Lead['status']): Promise<void>
  /** Resolves when nothing that a change left behind runs any more. */
  settle(): Promise<void>
}
