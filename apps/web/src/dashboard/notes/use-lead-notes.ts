'use client'

import { useLiveQuery } from '@landfall/local-db/react'
import type { Note } from '@landfall/local-db/tables'
import { notes } from '@landfall/local-db/tables'
import { asc, eq } from 'drizzle-orm'

/** Notes of a lead, oldest first, with those that this device has not sent yet; undefined until they are read. */
export function useLeadNotes(leadId: string): readonly Note[] | undefined {
  return useLiveQuery(
    (db) => db.select().from(notes).where(eq(notes.leadId, leadId)).orderBy(asc(notes.createdAt), asc(notes.id)),
    [leadId],
  ).rows
}
