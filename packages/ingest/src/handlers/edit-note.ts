import { type ConflictValues, type NoteUpdate, noteUpdate } from '@landfall/contract'
import { resolveNoteEdit } from '../conflicts/resolve-note-edit.ts'
import { type Candidate, type Effect, type Handler, rejected, type Verdict } from '../engine/handler.ts'
import { actorId } from '../principal.ts'
import { editTime } from './device-time.ts'
import { rejectNote } from './reject-note.ts'
import { lockNotes, type StoredNote } from './stored-note.ts'
import { overriddenNote, writeNotes } from './write-notes.ts'

interface Edit extends Candidate<NoteUpdate> {
  note: StoredNote
}

/** `note.update` by the member who wrote it. */
export function editNote(): Handler<NoteUpdate, Edit> {
  return {
    parse({ payload }) {
      const parsed = noteUpdate.safeParse(payload)
      return parsed.success ? { outcome: 'parsed', prepared: parsed.data } : rejectNote(parsed.error.issues)
    },

    async check({ session, principal }, run) {
      const ids = run.map(({ operation }) => operation.entityId)
      const notes = await lockNotes(session, principal.tenantId, ids)
      return run.map((candidate): Verdict<Edit> => {
        const note = notes.get(candidate.operation.entityId)
        if (!note) return rejected('not_found')
        if (note.authorId !== actorId(principal)) {
          return rejected('not_allowed', { detail: 'Only who wrote a note changes it.' })
        }
        return { outcome: 'go', ready: { ...candidate, note } }
      })
    },

    async execute(context, run) {
      const settled = run.map(({ operation, prepared, note }) => {
        const editedAt = editTime(operation.capturedAt, context, note.createdAt)
        // A device that has not seen its own note come back knows its first version.
        const { opId, baseVersion = 1 } = operation
        const { deviceId } = context
        return { note, opId, editedAt, ...resolveNoteEdit(note, { ...prepared, baseVersion, editedAt, deviceId }) }
      })
      await writeNotes(
        context,
        settled.map(({ note, opId, editedAt, next, conflict }) => ({
          note,
          opId,
          next,
          overridden: conflict ? overriddenNote(note.id, conflict, next.version, editedAt) : null,
        })),
      )
      return settled.map(({ next, conflict }) => effectOf(next.version, conflict))
    },
  }
}

export function effectOf(version: number, values: ConflictValues | null): Effect {
  return values
    ? { outcome: 'conflict', version, fields: Object.keys(values), values }
    : { outcome: 'applied', version }
}
