'use client'

import type { LeadStatus } from '@landfall/contract'
import { useLiveQuery } from '@landfall/local-db/react'
import type { Lead } from '@landfall/local-db/tables'
import { leads } from '@landfall/local-db/tables'
import { count, desc, eq, inArray, notInArray } from 'drizzle-orm'
import { useMemo } from 'react'
import type { LeadView } from './lead-filter.ts'

/** The newest leads of a view with the member's own pending edits; undefined until they are read. Live. */
export function useLeads(view: LeadView, limit: number): readonly Lead[] | undefined {
  return useLiveQuery(
    (db) => {
      const isOfView = view === 'leads' ? notInArray(leads.status, ['spam', 'withdrawn']) : eq(leads.status, view)
      return db.select().from(leads).where(isOfView).orderBy(desc(leads.receivedAt), desc(leads.id)).limit(limit)
    },
    [view, limit],
  ).rows
}

/** Leads by id; those that are not here are absent. Live. */
export function useLeadsById(ids: readonly string[]): ReadonlyMap<string, Lead> {
  // An empty list would be no SQL.
  const wanted = ids.length > 0 ? [...ids] : [NO_LEAD]
  const { rows } = useLiveQuery((db) => db.select().from(leads).where(inArray(leads.id, wanted)), [wanted.join()])
  return useMemo(() => new Map(rows?.map((lead) => [lead.id, lead])), [rows])
}

const NO_LEAD = '00000000-0000-0000-0000-000000000000'

/** How many leads stand where; undefined until they are counted. Live. */
export function useLeadCounts(): ReadonlyMap<LeadStatus, number> | undefined {
  const { rows } = useLiveQuery((db) =>
    db.select({ status: leads.status, count: count() }).from(leads).groupBy(leads.status),
  )
  return useMemo(() => rows && new Map(rows.map((row) => [row.status as LeadStatus, row.count])), [rows])
}
