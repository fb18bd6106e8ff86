'use client'

import type { Note } from '@landfall/local-db/tables'
import { Button, RelativeTime } from '@landfall/ui'
import { useRef, useState } from 'react'
import type { NoteConflict } from './note-conflict.ts'
import { NoteConflictNotice } from './note-conflict-notice.tsx'
import { NoteEditor } from './note-editor.tsx'
import { useWriteNotes } from './use-write-notes.ts'

export interface NoteItemProps {
  note: Note
  /** Name of its author; undefined for somebody who works here no more. */
  author: string | undefined
  /** Only who wrote a note changes it. */
  isOwn: boolean
  /** Its author, and whoever looks after the workspace. */
  canDelete: boolean
  conflict: NoteConflict | undefined
  onPutAway: (conflict: NoteConflict) => void
  /** The note is about to go: the focus must not go with it. */
  onGone: () => void
}

export function NoteItem({ note, author, isOwn, canDelete, conflict, onPutAway, onGone }: NoteItemProps) {
  const { update, remove, problem, isBusy } = useWriteNotes()
  const [isEditing, setIsEditing] = useState(false)
  const item = useRef<HTMLLIElement>(null)
  const close = () => {
    setIsEditing(false)
    item.current?.focus()
  }
  const name = author ?? 'Somebody who has left'
  const what = `note of ${isOwn ? 'yours' : name}, ${note.body.slice(0, 40)}`
  return (
    <li
      ref={item}
      className="note"
      tabIndex={-1}
      data-note={note.id}
      data-state={note._hasLocalChanges ? 'pending' : undefined}
    >
      <p className="note-head">
        <bdi className="note-author">{isOwn ? 'You' : name}</bdi>
        <RelativeTime value={note.createdAt.toISOString()} locale="en" />
        {note.updatedAt > note.createdAt ? <span>edited</span> : null}
        {note._hasLocalChanges ? <span className="dash-pending">Saved here, not sent yet</span> : null}
      </p>
      {isEditing ? (
        <NoteEditor
          label="Change the note"
          initial={note.body}
          save="Save"
          problem={problem}
          onCancel={close}
          onSave={async (body) => {
            const isKept = await update(note, body)
            if (isKept) close()
            return isKept
          }}
        />
      ) : (
        <>
          <p className="note-body" dir="auto">
            {note.body}
          </p>
          {conflict ? (
            <NoteConflictNotice
              conflict={conflict}
              onPutAway={() => {
                onPutAway(conflict)
                item.current?.focus()
              }}
            />
          ) : null}
          {problem ? (
            <p className="lf-error" role="alert">
              {problem}
            </p>
          ) : null}
          {canDelete ? (
            <p className="note-actions">
              {isOwn ? (
                <Button size="small" variant="quiet" aria-label={`Edit: ${what}`} onClick={() => setIsEditing(true)}>
                  Edit
                </Button>
              ) : null}
              <Button
                size="small"
                variant="quiet"
                aria-label={`Delete: ${what}`}
                disabled={isBusy}
                onClick={async () => {
                  if (!confirm('Delete this note for everybody?')) return
                  if (await remove(note, isOwn)) onGone()
                }}
              >
                {isBusy ? 'Deleting…' : 'Delete'}
              </Button>
            </p>
          ) : null}
        </>
      )}
    </li>
  )
}
