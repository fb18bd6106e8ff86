'use client'

import { useRef } from 'react'
import { useConflicts } from '../use-conflicts.ts'
import { useTeam } from '../use-team.ts'
import { noteConflicts } from './note-conflict.ts'
import { NoteEditor } from './note-editor.tsx'
import { NoteItem } from './note-item.tsx'
import { useLeadNotes } from './use-lead-notes.ts'
import { useWriteNotes } from './use-write-notes.ts'

/** The notes of a lead, oldest first, and a place for the next one. */
export function NotePanel({ leadId, who }: { leadId: string; who: string }) {
  const notes = useLeadNotes(leadId)
  const team = useTeam()
  const { insert, problem } = useWriteNotes()
  const { conflicts, putAway } = useConflicts(noteConflicts)
  const list = useRef<HTMLDivElement>(null)
  // The field is where everything goes on.
  const focusEditor = () => list.current?.querySelector<HTMLElement>('form.note-form textarea')?.focus()
  return (
    <div ref={list} className="notes-content">
      {notes === undefined ? null : notes.length === 0 ? (
        <p className="notes-empty">No notes yet. Only your team sees what is written here.</p>
      ) : (
        <ul className="notes-list" aria-label={`Notes on ${who}`}>
          {notes.map((note) => (
            <NoteItem
              key={note.id}
              note={note}
              author={team.nameOf(note.authorId)}
              isOwn={note.authorId === team.userId}
              canDelete={note.authorId === team.userId || team.isAdministrator}
              conflict={conflicts.get(note.id)}
              onPutAway={putAway}
              onGone={focusEditor}
            />
          ))}
        </ul>
      )}
      <NoteEditor
        label={`New note on ${who}`}
        save="Save note"
        problem={problem}
        onSave={(body) => insert(leadId, body)}
      />
    </div>
  )
}
