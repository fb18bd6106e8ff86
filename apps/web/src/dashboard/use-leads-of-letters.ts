'use client'

import type { QueueEntryView } from '@landfall/contract'
import { useLiveQuery } from '@landfall/local-db/react'
import type { Lead } from '@landfall/local-db/tables'
import { notes } from '@landfall/local-db/tables'
import { inArray } from 'drizzle-orm'
import { useLeadsById } from './use-leads.ts'

type Letter = Pick<QueueEntryView, 'entity' | 'entityId' | 'changes'>

/** The lead that a letter is about, or that its note stands beside; undefined for one that is not here any more. */
export function useLeadsOfLetters(letters: readonly Letter[]): (letter: Letter) => Lead | undefined {
  const noteIds = letters.filter(({ entity }) => entity === 'note').map(({ entityId }) => entityId)
  const { rows } = useLiveQuery(
    (db) =>
      db
        .select({ id: notes.id, leadId: notes.leadId })
        .from(notes)
        .where(inArray(notes.id, [NO_ID, ...noteIds])),
    [noteIds.join()],
  )
  const leadIdOf = (letter: Letter) => leadIdOfLetter(letter, rows ?? [])
  const leads = useLeadsById(letters.flatMap((letter) => leadIdOf(letter) ?? []))
  return (letter) => leads.get(leadIdOf(letter) ?? '')
}

// An empty list would be no SQL.
const NO_ID = '00000000-0000-0000-0000-000000000000'

export function leadIdOfLetter(
  { entity, entityId, changes }: Letter,
  notesHere: readonly { id: string; leadId: string }[],
): string | undefined {
  if (entity !== 'note') return entityId
  // A new note says so itself; of a changed one the note is here, unless it is gone.
  if (typeof changes?.leadId === 'string') return changes.leadId
  return notesHere.find(({ id }) => id === entityId)?.leadId
}
