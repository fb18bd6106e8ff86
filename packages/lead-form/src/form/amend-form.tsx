'use client'

import type { FieldProblems, FormDefinition, FormField, LeadFormValues, LeadValues } from '@landfall/contract'
import { type Outbox, OutboxUnavailableError, type UnavailableReason } from '@landfall/outbox'
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { type FieldErrors, type Resolver, useForm } from 'react-hook-form'
import { ErrorSummary } from '../fields/error-summary.tsx'
import { FieldControl } from '../fields/field-control.tsx'
import { type Messages, messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { amendableFields, amendmentOf } from './amendment.ts'
import { problemsOf } from './contract-resolver.ts'
import { emptyValues } from './empty-values.ts'
import { refusedValues, sentValues } from './sent-values.ts'

export interface AmendFormProps {
  /** The form that the lead was sent with. */
  form: FormDefinition
  leadId: string
  /** Operation id of a change that was refused: the form opens with it, to be corrected. */
  correct?: string | undefined
  /** The change is on this device's disk; or there was none. */
  onDone: () => void
  onCancel: () => void
}

interface Opened {
  /** What was sent; null once this device has delivered it and keeps nothing of it. */
  known: LeadValues | null
  typed: LeadValues
  problems: FieldProblems
}

/**
 * Changes what a visitor sent, as long as nobody has read it. Filled in where what was sent is still on this device, and
 * empty where it is not: then only what is filled in is changed.
 */
export function AmendForm(props: AmendFormProps) {
  const outbox = useOutbox()
  const [opened, setOpened] = useState<Opened>()
  const { leadId, correct } = props
  useEffect(() => {
    if (!outbox) return
    let isCurrent = true
    const open = (state: Opened) => isCurrent && setOpened(state)
    // What cannot be read opens as if it were not kept.
    openAmendment(outbox, leadId, correct).then(open, () => open({ known: null, typed: {}, problems: {} }))
    return () => {
      isCurrent = false
    }
  }, [outbox, leadId, correct])
  return outbox && opened ? <OpenedForm {...props} outbox={outbox} opened={opened} /> : null
}

async function openAmendment(outbox: Outbox, leadId: string, correct: string | undefined): Promise<Opened> {
  const [known, refused, problems] = await Promise.all([
    outbox.readEntries().then((entries) => sentValues(outbox, entries, leadId)),
    correct ? refusedValues(outbox, correct) : {},
    correct ? outbox.problemsOf(correct) : {},
  ])
  return { known, typed: { ...known, ...refused }, problems }
}

function OpenedForm(props: AmendFormProps & { outbox: Outbox; opened: Opened }) {
  const { form: definition, leadId, correct, onDone, onCancel, outbox, opened } = props
  const messages = messagesFor(definition.locale)
  const idPrefix = useId()
  const isKnown = opened.known !== null
  const fields = amendableFields(definition, isKnown)
  const [unkept, setUnkept] = useState<UnavailableReason>()
  const form = useForm<LeadFormValues>({
    resolver: resolverFor(definition, opened.known),
    defaultValues: { ...emptyValues({ fields }), ...opened.typed },
    shouldFocusError: true,
  })
  const { isSubmitting, errors } = form.formState
  const problems = problemsOf(errors)
  const isInFlight = useRef(false)

  const showProblems = useEffectEvent(() => {
    for (const [name, problem] of Object.entries(opened.problems))
      form.setError(name, { type: 'server', message: problem })
    const [first] = fields
    if (first) form.setFocus(first.name)
  })
  useEffect(() => showProblems(), [])

  const save = async (typed: LeadFormValues) => {
    if (isInFlight.current) return
    isInFlight.current = true
    setUnkept(undefined)
    try {
      const amendment = amendmentOf(definition, opened.known, typed)
      if (amendment.kind === 'change') await keep(outbox, { definition, leadId, correct, values: amendment.values })
      if (amendment.kind !== 'invalid') onDone()
    } catch (error) {
      if (!(error instanceof OutboxUnavailableError)) throw error
      setUnkept(error.reason)
    } finally {
      isInFlight.current = false
    }
  }

  return (
    <form
      className="lf-form"
      onSubmit={form.handleSubmit(save)}
      noValidate
      aria-busy={isSubmitting}
      data-amends={leadId}
    >
      <p>{isKnown ? messages.amend.known : messages.amend.unknown}</p>
      <ErrorSummary idPrefix={idPrefix} definition={definition} problems={problems} messages={messages} />
      {unkept ? <UnkeptNotice reason={unkept} messages={messages} /> : null}
      {fields.map((field) => (
        <FieldControl
          key={field.name}
          idPrefix={idPrefix}
          field={isKnown ? field : leavingAsItIs(field, messages)}
          marksOptional={isKnown}
          problem={problems[field.name]}
          messages={messages}
          input={form.register(field.name)}
        />
      ))}
      <div className="lf-notice-actions">
        <button className="ui-button" type="submit" aria-disabled={isSubmitting}>
          {isSubmitting ? messages.saving : messages.amend.save}
        </button>
        <button className="ui-button" data-variant="quiet" type="button" onClick={onCancel}>
          {messages.amend.cancel}
        </button>
      </div>
    </form>
  )
}

/** An example of an answer would look like the answer that stands. */
function leavingAsItIs(field: FormField, { amend }: Messages): FormField {
  return field.type === 'checkbox' || field.type === 'consent' ? field : { ...field, placeholder: amend.asItIs }
}

interface ChangeToKeep {
  definition: FormDefinition
  leadId: string
  correct: string | undefined
  values: LeadValues
}

async function keep(outbox: Outbox, { definition, leadId, correct, values }: ChangeToKeep): Promise<void> {
  if (correct && (await outbox.resend(correct, { values }))) return
  const { title: label } = definition
  await outbox.enqueue({ entity: 'lead', action: 'update', entityId: leadId, label, payload: { values } })
}

function UnkeptNotice({ reason, messages }: { reason: UnavailableReason; messages: Messages }) {
  return (
    <div className="lf-notice" data-tone="danger" role="alert">
      <h3 className="lf-notice-title">{messages.amend.unkept}</h3>
      <p>
        {messages.unkept[reason]} {messages.notSent.kept}
      </p>
    </div>
  )
}

function resolverFor(definition: FormDefinition, known: LeadValues | null): Resolver<LeadFormValues> {
  return (values) => {
    const amendment = amendmentOf(definition, known, values)
    if (amendment.kind !== 'invalid') return { values, errors: {} }
    const errors: FieldErrors<LeadFormValues> = {}
    for (const [name, message] of Object.entries(amendment.problems)) errors[name] = { type: 'contract', message }
    return { values: {}, errors }
  }
}
