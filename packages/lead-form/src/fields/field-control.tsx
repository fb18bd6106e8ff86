import { type FieldProblem, type FormField, LIMITS } from '@landfall/contract'
import type { ComponentPropsWithRef } from 'react'
import type { Messages } from '../messages/messages.ts'

type InputProps = ComponentPropsWithRef<'input'> & ComponentPropsWithRef<'select'> & ComponentPropsWithRef<'textarea'>

export interface FieldControlProps {
  /** Unique on the page: two forms may stand on one. */
  idPrefix: string
  field: FormField
  problem: FieldProblem | undefined
  messages: Messages
  /** Whether a field that may stay empty says so. */
  marksOptional?: boolean
  /** What the form library or the plain form adds to the input. */
  input?: Partial<InputProps>
}

/** One field with its label, help and error, tied together for a screen reader. No state of its own. */
export function FieldControl(props: FieldControlProps) {
  const { idPrefix, field, problem, messages, input, marksOptional = true } = props
  const id = fieldId(idPrefix, field.name)
  const helpId = `${id}-help`
  const errorId = `${id}-error`
  const described = [field.help ? helpId : '', problem ? errorId : ''].filter(Boolean).join(' ')
  const shared = {
    id,
    name: field.name,
    required: field.required,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': described || undefined,
    ...input,
  } as const

  return (
    <div className="lf-field" data-invalid={problem ? true : undefined}>
      {field.type === 'checkbox' || field.type === 'consent' ? (
        <label className="lf-check" htmlFor={id}>
          <input {...shared} type="checkbox" />
          <span className={field.type === 'consent' ? 'lf-consent-text' : undefined}>
            {field.type === 'consent' ? field.text : field.label}
          </span>
        </label>
      ) : (
        <>
          <label className="lf-label" htmlFor={id}>
            {field.label}
            {field.required || !marksOptional ? null : <span className="lf-required">{messages.optional}</span>}
          </label>
          <ValueInput field={field} messages={messages} shared={shared} />
        </>
      )}
      {field.help ? (
        <p className="lf-help" id={helpId}>
          {field.help}
        </p>
      ) : null}
      {problem ? (
        <p className="lf-error" id={errorId}>
          {messages.problems[problem]}
        </p>
      ) : null}
    </div>
  )
}

function ValueInput({
  field,
  messages,
  shared,
}: {
  field: Exclude<FormField, { type: 'checkbox' | 'consent' }>
  messages: Messages
  shared: Partial<InputProps>
}) {
  switch (field.type) {
    case 'text':
      return <input {...shared} {...hints(field)} className="lf-input" type="text" />
    case 'email':
      return <input {...shared} {...hints(field)} className="lf-input" type="email" inputMode="email" dir="auto" />
    case 'phone':
      return <input {...shared} {...hints(field)} className="lf-input" type="tel" inputMode="tel" dir="auto" />
    case 'textarea':
      return <textarea {...shared} {...hints(field)} className="lf-input" rows={5} />
    case 'select':
      return (
        <select {...shared} className="lf-input">
          <option value="">{field.placeholder ?? messages.choose}</option>
          {field.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )
  }
}

function hints(field: Extract<FormField, { maxLength?: number | undefined }>) {
  return {
    placeholder: field.placeholder,
    autoComplete: field.autocomplete,
    maxLength: field.maxLength ?? (field.type === 'textarea' ? LIMITS.textareaLength : LIMITS.textLength),
  }
}

export function fieldId(idPrefix: string, name: string): string {
  return `${idPrefix}-${name}`
}
