'use client'

import type { FormDefinition } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'
import { Button, EmptyState, InboxIcon, Skeleton } from '@landfall/ui'
import { useRef, useState } from 'react'
import type { LeadView } from './lead-filter.ts'
import { LeadTable } from './lead-table.tsx'
import { useIsHere } from './use-first-sync.ts'
import { useLeads } from './use-leads.ts'
import { WithdrawnList } from './withdrawn-list.tsx'

/** More would make a page that no browser likes to draw; the rest is a tap away. */
const PAGE_LEADS = 200

export interface LeadListProps {
  view: LeadView
  /** How many the view has. */
  total: number
  forms: readonly FormDefinition[]
}

export function LeadList({ view, total, forms }: LeadListProps) {
  const [limit, setLimit] = useState(PAGE_LEADS)
  const read = useLeads(view, limit)
  // While more are read, those that were there stay.
  const latest = useRef(read)
  if (read) latest.current = read
  const leads = latest.current
  const isHere = useIsHere()
  // An empty table says nothing before the server has been heard.
  if (leads === undefined || (leads.length === 0 && !isHere)) {
    return (
      <div className="dash-loading" aria-hidden="true">
        <Skeleton inlineSize="32%" />
        <Skeleton inlineSize="85%" />
        <Skeleton inlineSize="70%" />
      </div>
    )
  }
  return (
    <>
      <View view={view} leads={leads} forms={forms} />
      {total > leads.length && leads.length >= limit ? (
        <p className="dash-rest">
          The newest {leads.length.toLocaleString('en')} of {total.toLocaleString('en')}.{' '}
          <Button size="small" variant="secondary" onClick={() => setLimit(limit + PAGE_LEADS)}>
            Show more
          </Button>
        </p>
      ) : null}
    </>
  )
}

interface ViewProps {
  view: LeadView
  leads: readonly Lead[]
  forms: readonly FormDefinition[]
}

function View({ view, leads, forms }: ViewProps) {
  switch (view) {
    case 'withdrawn':
      return <WithdrawnList leads={leads} />
    case 'leads':
      if (leads.length > 0) return <LeadTable leads={leads} forms={forms} />
      return (
        <EmptyState title="No leads yet" icon={<InboxIcon />}>
          As soon as somebody fills in a form on your site, the lead appears here by itself.
        </EmptyState>
      )
    case 'spam':
      if (leads.length > 0) return <LeadTable leads={leads} forms={forms} />
      return (
        <EmptyState title="Nothing here" icon={<InboxIcon />}>
          What looks like spam waits here for your judgement; nothing is thrown away.
        </EmptyState>
      )
  }
}
