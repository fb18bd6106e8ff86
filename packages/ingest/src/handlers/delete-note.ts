import { type ConflictValues, noteDelete } from '@landfall/contract'
import { isEditedSince } from '../conflicts/resolve-note-edit.ts'
import { type Candidate, type Effect, type Handler, rejected, type Verdict } from '../engine/handler.ts'
import { actorId, isAdministrator } from '../principal.ts'
import { editTime } from './device-time.ts'
import { effectOf } from './edit-note.ts'
import { rejectPayload } from './reject-payload.ts'
import { lockNotes, type StoredNote } from './stored-note.ts'
import { deleteNotes, overriddenNote, writeNotes } from './write-notes.ts'

interface Deletion extends Candidate<Record<string, never>> {
  note: StoredNote
}

/** `note.delete` by the member who wrote it, or by who looks after the workspace. */
export function deleteNote(): Handler<Record<string, never>, Deletion> {
  return {
    parse({ payload }) {
      const parsed = noteDelete.safeParse(payload)
      return parsed.success ? { outcome: 'parsed', prepared: {} } : rejectPayload(parsed.error.issues)
    },

    async check({ session, principal }, run) {
      const ids = run.map(({ operation }) => operation.entityId)
      const notes = await lockNotes(session, principal.tenantId, ids)
      return run.map((candidate): Verdict<Deletion> => {
        const note = notes.get(candidate.operation.entityId)
        if (!note) return rejected('not_found')
        if (note.authorId !== actorId(principal) && !isAdministrator(principal)) {
          return rejected('not_allowed', { detail: 'Only who wrote a note, or an administrator, deletes it.' })
        }
        return { outcome: 'go', ready: { ...candidate, note } }
      })
    },

    async execute(context, run) {
      const { session, principal, deviceId } = context
      const settled = run.map(({ operation, note }) => {
        const { opId, baseVersion } = operation
        const madeAt = editTime(operation.capturedAt, context, note.createdAt)
        // A delete beats an edit only if it was made knowing it, or after it.
        const isKept = isEditedSince(note, { baseVersion, editedAt: madeAt, deviceId })
        const conflict: ConflictValues | null = isKept ? { body: { kept: note.body, lost: null } } : null
        return { note, opId, madeAt, conflict, version: note.version + 1 }
      })
      const gone = settled.filter(({ conflict }) => !conflict).map(({ note }) => note.id)
      const kept = settled.flatMap(({ note, opId, madeAt, conflict, version }) => {
        if (!conflict) return []
        const overridden = overriddenNote(note.id, conflict, version, madeAt)
        return [{ note, opId, next: { ...note, version }, overridden }]
      })
      await Promise.all([
        gone.length > 0 && deleteNotes(session, principal.tenantId, gone),
        kept.length > 0 && writeNotes(context, kept),
      ])
      return settled.map(({ version, conflict }): Effect => effectOf(version, conflict))
    },
  }
}
