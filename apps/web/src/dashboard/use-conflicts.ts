'use client'

import type { QueueEntryView } from '@landfall/contract'
import { useEntries, useOutbox } from '@landfall/lead-form'
import { useEffect, useMemo, useState } from 'react'
import { putAwayConflict, readConflicts } from './read-conflicts.ts'

const NONE: readonly string[] = []

export interface Conflicts<Conflict> {
  conflicts: ReadonlyMap<string, Conflict>
  putAway: (conflict: Conflict) => void
}

/**
 * Conflicts of this member that they have not put away, by row; live.
 *
 * @param find must stay the same from render to render
 */
export function useConflicts<Conflict extends { opId: string }>(
  find: (entries: readonly QueueEntryView[]) => ReadonlyMap<string, Conflict>,
): Conflicts<Conflict> {
  const queue = useOutbox()?.queue.queue
  const entries = useEntries()
  const [away, setAway] = useState(NONE)
  useEffect(() => setAway(queue === undefined ? NONE : readConflicts(queue)), [queue])
  return useMemo(() => {
    const conflicts = [...find(entries)].filter(([, { opId }]) => !away.includes(opId))
    return {
      conflicts: new Map(conflicts),
      putAway: ({ opId }: Conflict) =>
        setAway((known) => (queue === undefined ? [...known, opId] : putAwayConflict(queue, opId))),
    }
  }, [find, entries, away, queue])
}
