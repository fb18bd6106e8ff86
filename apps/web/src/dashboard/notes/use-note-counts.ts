'use client'

import { useLiveQuery } from '@landfall/local-db/react'
import { notes } from '@landfall/local-db/tables'
import { count } from 'drizzle-orm'
import { useMemo } from 'react'

/** How many notes each lead has, by lead id; one without any is absent. Live. */
export function useNoteCounts(): ReadonlyMap<string, number> {
  const { rows } = useLiveQuery((db) =>
    db.select({ leadId: notes.leadId, count: count() }).from(notes).groupBy(notes.leadId),
  )
  return useMemo(() => new Map(rows?.map((row) => [row.leadId, row.count])), [rows])
}
