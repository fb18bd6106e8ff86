'use client'

import { isFieldProblem, LIMITS, noteBody } from '@landfall/contract'
import { messagesFor } from '@landfall/lead-form'
import { Button } from '@landfall/ui'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'

export interface NoteEditorProps {
  label: string
  /** What it begins with: nothing for a new note. */
  initial?: string
  save: string
  /** Takes the text as it is kept. @returns whether it is on this device's disk */
  onSave: (body: string) => Promise<boolean>
  /** Ends an edit; a new note has nothing to go back to. */
  onCancel?: () => void
  /** Why the last one could not be kept. */
  problem: string | undefined
}

/** Where a note is written or changed. What was typed stays until it is kept. */
export function NoteEditor({ label, initial = '', save, onSave, onCancel, problem }: NoteEditorProps) {
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(initial)
  const [mistake, setMistake] = useState<string>()
  const [isSaving, setIsSaving] = useState(false)
  const isEdit = onCancel !== undefined
  useEffect(() => {
    if (isEdit) field.current?.focus()
  }, [isEdit])

  const submit = async () => {
    if (isSaving) return
    const body = noteBody.safeParse(text)
    if (!body.success) {
      setMistake(wordsFor(body.error.issues[0]?.message))
      return field.current?.focus()
    }
    setMistake(undefined)
    setIsSaving(true)
    const isKept = await onSave(body.data).finally(() => setIsSaving(false))
    if (isKept) setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel?.()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void submit()
    }
  }
  const shown = mistake ?? problem
  return (
    <form
      className="note-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <label htmlFor={id}>{label}</label>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={3}
        value={text}
        aria-invalid={mistake ? true : undefined}
        aria-describedby={shown ? `${id}-problem` : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {shown ? (
        <p className="lf-error" id={`${id}-problem`} role="alert">
          {shown}
        </p>
      ) : null}
      <div className="note-actions">
        <Button size="small" type="submit" disabled={isSaving}>
          {save}
        </Button>
        {onCancel ? (
          <Button size="small" variant="quiet" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function wordsFor(problem: string | undefined): string {
  if (problem === 'too_long') return `A note has at most ${LIMITS.noteLength.toLocaleString('en')} characters.`
  return messagesFor('en').problems[problem && isFieldProblem(problem) ? problem : 'not_text']
}
