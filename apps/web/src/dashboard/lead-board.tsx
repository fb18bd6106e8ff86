'use client'

import type { FormDefinition } from '@landfall/contract'
import { useEntries, useSyncState } from '@landfall/lead-form'
import type { LeadViewRow } from '@landfall/local-db'
import { useLeads } from '@landfall/local-db/react'
import { Button, EmptyState, InboxIcon, Skeleton } from '@landfall/ui'
import { type ReactNode, useState } from 'react'
import { BoardNotices } from './board-notices.tsx'
import { type BoardView, isNotAccepted, type SortedLeads, sortLeads } from './lead-filter.ts'
import { LeadTable } from './lead-table.tsx'
import { NotAccepted } from './not-accepted.tsx'
import { WithdrawnList } from './withdrawn-list.tsx'

const NO_LEADS: readonly LeadViewRow[] = []

/** The tenant's leads, newest first, live; from this device, so also without a network. */
export function LeadBoard({ forms }: { forms: readonly FormDefinition[] }) {
  const rows = useLeads()
  const sorted = sortLeads(rows ?? NO_LEADS)
  const letters = useEntries().filter(isNotAccepted)
  const notAccepted = letters.length + useSyncState().quarantined
  const [chosen, setChosen] = useState<BoardView>('leads')
  const counts = { spam: sorted.spam.length, withdrawn: sorted.withdrawn.length, 'not-accepted': notAccepted }
  // A view whose last row is gone goes with it, except for spam, which always has its place.
  const view = chosen === 'leads' || chosen === 'spam' || counts[chosen] > 0 ? chosen : 'leads'

  return (
    <>
      <div className="dash-head">
        <h1>Leads</h1>
        <span className="dash-count" role="status">
          {rows ? count(view, sorted, notAccepted) : 'Loading…'}
        </span>
        <div className="dash-filters">
          {FILTERS.map(({ name, label }) => {
            const found = name === 'leads' ? undefined : counts[name]
            if (found === 0 && name !== 'spam') return null
            return (
              <Button
                key={name}
                size="small"
                variant="quiet"
                aria-pressed={view === name}
                onClick={() => setChosen(name)}
              >
                {found === undefined ? label : `${label} (${found})`}
              </Button>
            )
          })}
        </div>
      </div>
      <BoardNotices notAccepted={view === 'not-accepted' ? 0 : notAccepted} onLook={() => setChosen('not-accepted')} />
      {rows === undefined && view !== 'not-accepted' ? (
        <div className="dash-loading" aria-hidden="true">
          <Skeleton inlineSize="32%" />
          <Skeleton inlineSize="85%" />
          <Skeleton inlineSize="70%" />
        </div>
      ) : (
        <View view={view} sorted={sorted} forms={forms}>
          <NotAccepted letters={letters} leads={rows ?? NO_LEADS} forms={forms} />
        </View>
      )}
    </>
  )
}

const FILTERS = [
  { name: 'leads', label: 'Leads' },
  { name: 'spam', label: 'Spam' },
  { name: 'withdrawn', label: 'Withdrawn' },
  { name: 'not-accepted', label: 'Not accepted' },
] as const satisfies { name: BoardView; label: string }[]

interface ViewProps {
  view: BoardView
  sorted: SortedLeads
  forms: readonly FormDefinition[]
  /** What the view "not accepted" shows. */
  children: ReactNode
}

function View({ view, sorted, forms, children }: ViewProps) {
  switch (view) {
    case 'not-accepted':
      return children
    case 'withdrawn':
      return <WithdrawnList leads={sorted.withdrawn} />
    case 'leads':
      if (sorted.leads.length > 0) return <LeadTable leads={sorted.leads} forms={forms} />
      return (
        <EmptyState title="No leads yet" icon={<InboxIcon />}>
          As soon as somebody fills in a form on your site, the lead appears here by itself.
        </EmptyState>
      )
    case 'spam':
      if (sorted.spam.length > 0) return <LeadTable leads={sorted.spam} forms={forms} />
      return (
        <EmptyState title="Nothing here" icon={<InboxIcon />}>
          What looks like spam waits here for your judgement; nothing is thrown away.
        </EmptyState>
      )
  }
}

function count(view: BoardView, { leads, spam, withdrawn }: SortedLeads, notAccepted: number): string {
  switch (view) {
    case 'leads': {
      const fresh = leads.filter((lead) => lead.status === 'new').length
      return leads.length === 0 ? '' : `${leads.length} ${leads.length === 1 ? 'lead' : 'leads'}, ${fresh} new`
    }
    case 'spam':
      return spam.length === 0 ? '' : `${spam.length} taken for spam`
    case 'withdrawn':
      return `${withdrawn.length} taken back`
    case 'not-accepted':
      return `${notAccepted} not accepted`
  }
}
