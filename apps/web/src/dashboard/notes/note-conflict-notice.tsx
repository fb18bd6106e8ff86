'use client'

import { Button, Notice } from '@landfall/ui'
import type { NoteConflict } from './note-conflict.ts'

/** What became of a note that was changed on two devices: the text above stands, the other is not thrown away unseen. */
export function NoteConflictNotice({ conflict, onPutAway }: { conflict: NoteConflict; onPutAway: () => void }) {
  return (
    <Notice
      className="dash-conflict"
      tone="warning"
      role="status"
      actions={
        <Button size="small" variant="quiet" aria-label="Dismiss what is said about this note" onClick={onPutAway}>
          Dismiss
        </Button>
      }
    >
      <Text conflict={conflict} />
    </Notice>
  )
}

function Text({ conflict }: { conflict: NoteConflict }) {
  switch (conflict.kind) {
    case 'kept':
      return <p>You deleted it, but it was changed on another device after that. So it stays.</p>
    case 'edited':
      return (
        <>
          <p>
            {conflict.isMineKept
              ? 'This stands. Meanwhile it had been changed on another device to:'
              : 'It was changed later on another device, and that stands. From here it would have been:'}
          </p>
          <p className="note-body" dir="auto">
            {conflict.lost}
          </p>
        </>
      )
  }
}
