'use client'

import type { LeadStatus } from '@landfall/contract'
import { useEntries, useSyncState } from '@landfall/lead-form'
import { Button } from '@landfall/ui'
import { useState } from 'react'
import { BoardNotices } from './board-notices.tsx'
import { type BoardView, countViews, isNotAccepted, type LeadCounts } from './lead-filter.ts'
import { LeadList } from './lead-list.tsx'
import { NotAccepted } from './not-accepted.tsx'
import { useFirstSync, useIsHere } from './use-first-sync.ts'
import { useForms } from './use-forms.ts'
import { useLeadCounts } from './use-leads.ts'

const NO_STATUSES: ReadonlyMap<LeadStatus, number> = new Map()

/** The tenant's leads, newest first, live; from this device, so also without a network. */
export function LeadBoard() {
  const forms = useForms()
  const byStatus = useLeadCounts()
  const leads = countViews(byStatus ?? NO_STATUSES)
  const firstSync = useFirstSync()
  const isHere = useIsHere()
  const letters = useEntries().filter(isNotAccepted)
  const notAccepted = letters.length + useSyncState().quarantined
  const [chosen, setChosen] = useState<BoardView>('leads')
  const counts = { spam: leads.spam, withdrawn: leads.withdrawn, 'not-accepted': notAccepted }
  // A view whose last row is gone goes with it, except for spam, which always has its place.
  const view = chosen === 'leads' || chosen === 'spam' || counts[chosen] > 0 ? chosen : 'leads'

  return (
    <>
      <div className="dash-head">
        <h1>Leads</h1>
        <span className="dash-count" role="status">
          {firstSync ?? (byStatus && (byStatus.size > 0 || isHere) ? describe(view, leads, notAccepted) : 'Loading…')}
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
      {view === 'not-accepted' ? (
        <NotAccepted letters={letters} forms={forms} />
      ) : (
        <LeadList key={view} view={view} total={leads[view]} forms={forms} />
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

function describe(view: BoardView, { leads, spam, withdrawn, fresh }: LeadCounts, notAccepted: number): string {
  switch (view) {
    case 'leads':
      return leads === 0 ? '' : `${count(leads)} ${leads === 1 ? 'lead' : 'leads'}, ${count(fresh)} new`
    case 'spam':
      return spam === 0 ? '' : `${count(spam)} taken for spam`
    case 'withdrawn':
      return `${count(withdrawn)} taken back`
    case 'not-accepted':
      return `${count(notAccepted)} not accepted`
  }
}

const count = (value: number) => value.toLocaleString('en')
