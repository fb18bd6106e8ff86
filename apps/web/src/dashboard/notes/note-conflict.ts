import type { QueueEntryView } from '@landfall/contract'

/** A note was changed on another device of its author, without the two knowing of each other. */
export type NoteConflict = { opId: string; noteId: string } & (
  | { kind: 'edited'; lost: string; isMineKept: boolean }
  /** It was to be deleted, and had been changed elsewhere since. */
  | { kind: 'kept' }
)

/** The last conflict of each note, unless it was changed again since; by note id. */
export function noteConflicts(entries: readonly QueueEntryView[]): ReadonlyMap<string, NoteConflict> {
  const found = new Map<string, NoteConflict>()
  for (const entry of entries) {
    if (entry.entity !== 'note') continue
    const conflict = conflictOf(entry)
    if (conflict) found.set(entry.entityId, conflict)
    // A dead edit changed nothing, so what came before it still stands to be told.
    else if (entry.state !== 'dead') found.delete(entry.entityId)
  }
  return found
}

function conflictOf({ opId, entityId: noteId, changes, conflict }: QueueEntryView): NoteConflict | undefined {
  const { kept, lost } = conflict?.body ?? {}
  if (typeof kept !== 'string') return undefined
  if (typeof lost !== 'string') return { kind: 'kept', opId, noteId }
  return { kind: 'edited', opId, noteId, lost, isMineKept: kept === changes?.body }
}
