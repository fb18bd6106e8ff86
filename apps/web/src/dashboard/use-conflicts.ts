'use client'

import { useEntries, useOutbox } from '@landfall/lead-form'
import { useEffect, useMemo, useState } from 'react'
import { putAwayConflict, readConflicts } from './read-conflicts.ts'
import { type StatusConflict, statusConflicts } from './status-conflict.ts'

const NONE: readonly string[] = []

/** Conflicts of this member that they have not put away, by lead; live. */
export function useConflicts(): {
  conflicts: ReadonlyMap<string, StatusConflict>
  putAway: (conflict: StatusConflict) => void
} {
  const queue = useOutbox()?.queue.queue
  const entries = useEntries()
  const [away, setAway] = useState(NONE)
  useEffect(() => setAway(queue === undefined ? NONE : readConflicts(queue)), [queue])
  return useMemo(() => {
    const conflicts = [...statusConflicts(entries)].filter(([, { opId }]) => !away.includes(opId))
    return {
      conflicts: new Map(conflicts),
      putAway: ({ opId }) =>
        setAway((known) => (queue === undefined ? [...known, opId] : putAwayConflict(queue, opId))),
    }
  }, [entries, away, queue])
}
