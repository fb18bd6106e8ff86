'use client'

import { useId, useState } from 'react'
import { NotePanel } from './note-panel.tsx'

export interface LeadNotesProps {
  leadId: string
  who: string
  /** How many notes it has. */
  count: number
}

/** What the team wrote beside a lead: a line that says how much, and the notes when they are asked for. */
export function LeadNotes({ leadId, who, count }: LeadNotesProps) {
  const [isOpen, setIsOpen] = useState(false)
  const panel = useId()
  const closed = count === 0 ? 'Add a note' : `${count} ${count === 1 ? 'note' : 'notes'}`
  const label = isOpen ? 'Hide notes' : closed
  return (
    <div className="notes">
      <button
        className="dash-more"
        type="button"
        aria-expanded={isOpen}
        aria-controls={panel}
        aria-label={`${label}, ${who}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        {label}
      </button>
      <div id={panel} hidden={!isOpen} className="notes-panel">
        {isOpen ? <NotePanel leadId={leadId} who={who} /> : null}
      </div>
    </div>
  )
}
