'use client'

import {
  type Attribution,
  checkLeadValues,
  type FieldProblem,
  type FormDefinition,
  type LeadFormValues,
  type LeadInsertInput,
} from '@landfall/contract'
import { type Outbox, OutboxUnavailableError } from '@landfall/outbox'
import { type RefObject, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { type FieldErrors, type Resolver, useForm } from 'react-hook-form'
import { DECOY_FIELD, Decoy } from '../fields/decoy.tsx'
import { ErrorSummary } from '../fields/error-summary.tsx'
import { FieldControl } from '../fields/field-control.tsx'
import { messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { useSyncState } from '../sync/use-sync-state.ts'
import { captureAttribution, rememberLanding } from './capture-attribution.ts'
import { emit, type LeadFormEventName, type LeadFormHandlers } from './form-events.ts'
import { HiddenInputs } from './hidden-inputs.tsx'
import { leadEntry, leadPayload } from './lead-entry.ts'
import { NotSavedNotice } from './not-saved-notice.tsx'
import { type ReceiptOfLead, SubmittedNotice } from './submitted-notice.tsx'
import { useDraft } from './use-draft.ts'

export interface LeadFormProps extends LeadFormHandlers {
  form: FormDefinition
  /** Where the form posts when there is no JavaScript, or no storage. */
  action: string
  /** Id for a plain post; the page makes a new one each time it is served. */
  submissionId: string
  /** Where the visitor came from, for a plain post; with JavaScript the form finds out by itself. */
  attribution?: Attribution
  /** Page that lists what this device sent. */
  enquiriesHref?: string
  /** Operation id of a message that was not accepted: the form opens with it, to be corrected. */
  correct?: string | undefined
  /** Receipts as far as the page knows them, for `onReceived` and `onStatus`. */
  receipts?: readonly ReceiptOfLead[]
}

type Phase =
  | { kind: 'editing'; correcting?: string }
  | { kind: 'submitted'; opId: string; leadId: string; values: LeadFormValues }
  | { kind: 'not-saved'; correcting?: string | undefined; reason: OutboxUnavailableError['reason'] }

/**
 * The lead form. What it calls saved is on the device's disk; the outbox of the nearest `OutboxProvider` delivers it.
 *
 * It is complete as HTML: before or without JavaScript it posts to `action` like any form.
 */
export function LeadForm(props: LeadFormProps) {
  const { form: definition, action, submissionId, attribution, enquiriesHref, correct, receipts, ...handlers } = props
  const messages = messagesFor(definition.locale)
  const idPrefix = useId()
  const outbox = useOutbox()
  const { isOnline } = useSyncState()
  const element = useRef<HTMLFormElement>(null)
  const [phase, setPhase] = useState<Phase>({ kind: 'editing' })
  const isReady = useIsHydrated()
  const form = useForm<LeadFormValues>({ resolver: resolverFor(definition), shouldFocusError: true })
  const draft = useDraft(form, definition.formId, outbox)
  const { errors, isSubmitting } = form.formState
  const problems = problemsOf(errors)

  const tell = useTell(element, definition.formId, handlers)
  useEffect(() => {
    rememberLanding()
    tell('ready')
  }, [tell])
  const hasStarted = useRef(false)
  const start = () => {
    if (!hasStarted.current) tell('start')
    hasStarted.current = true
  }

  // A second click comes before React has rendered the first: it must not be a second lead.
  const isInFlight = useRef(false)
  const send = async (values: LeadFormValues) => {
    if (isInFlight.current) return
    isInFlight.current = true
    try {
      await save(values)
    } finally {
      isInFlight.current = false
    }
  }

  const save = async (values: LeadFormValues) => {
    const correcting = phase.kind === 'submitted' ? undefined : phase.correcting
    const checked = checkLeadValues(definition, withoutDecoy(values))
    if (!checked.success || !outbox) return postPlainly(element.current)
    const lead = {
      definition,
      values: checked.values,
      attribution: captureAttribution(),
      isOffline: !navigator.onLine,
      decoy: String(values[DECOY_FIELD] ?? ''),
    }
    try {
      // A letter that was deleted in another tab meanwhile is written anew.
      const again = correcting && (await outbox.resend(correcting, leadPayload(lead)))
      const [saved] = again ? [again] : await outbox.enqueue(leadEntry(lead))
      if (!saved) return
      setPhase({ kind: 'submitted', opId: saved.opId, leadId: saved.entityId, values })
      // A correction is the same submission: it was told when it was first saved.
      if (!again) tell('saved', { submissionId: saved.entityId })
      await draft.forget()
    } catch (error) {
      if (!(error instanceof OutboxUnavailableError)) throw error
      tell('error', { error: error.reason })
      // Nothing was saved. With a connection the form still goes out, as a plain post with its own answer page.
      if (navigator.onLine) postPlainly(element.current)
      else setPhase({ kind: 'not-saved', correcting, reason: error.reason })
    }
  }

  const openLetter = useEffectEvent(async (opId: string, from: Outbox) => {
    const [payload, fields] = await Promise.all([from.payloadOf(opId), from.problemsOf(opId)])
    const values = (payload as LeadInsertInput | null)?.values
    if (!values) return
    form.reset({ ...emptyValues(definition), ...values })
    for (const [name, problem] of Object.entries(fields)) form.setError(name, { type: 'server', message: problem })
    setPhase({ kind: 'editing', correcting: opId })
    element.current?.scrollIntoView()
  })
  useEffect(() => {
    // A letter that cannot be read leaves an empty form; it is still listed where the person came from.
    if (correct && outbox) openLetter(correct, outbox).catch(() => {})
  }, [correct, outbox])

  if (phase.kind === 'submitted') {
    return (
      <SubmittedNotice
        definition={definition}
        opId={phase.opId}
        leadId={phase.leadId}
        enquiriesHref={enquiriesHref}
        receipts={receipts}
        onEvent={tell}
        onAnother={() => {
          form.reset(emptyValues(definition))
          setPhase({ kind: 'editing' })
        }}
        onCorrect={(fields) => {
          form.reset(phase.values)
          for (const [name, problem] of Object.entries(fields))
            form.setError(name, { type: 'server', message: problem })
          setPhase({ kind: 'editing', correcting: phase.opId })
        }}
      />
    )
  }

  return (
    <form
      ref={element}
      className="lf-form"
      method="post"
      action={action}
      // The browser's own checks serve until ours are there, which speak the form's language.
      noValidate={isReady}
      onSubmit={form.handleSubmit(send)}
      onInput={start}
      aria-busy={isSubmitting}
      data-ready={isReady || undefined}
    >
      <ErrorSummary idPrefix={idPrefix} definition={definition} problems={problems} messages={messages} />
      {phase.kind === 'not-saved' ? <NotSavedNotice reason={phase.reason} messages={messages} /> : null}
      {draft.isRestored ? (
        <p className="lf-draft" role="status">
          {messages.draftRestored}{' '}
          <button
            type="button"
            onClick={() => {
              form.reset(emptyValues(definition))
              void draft.forget()
            }}
          >
            {messages.clearDraft}
          </button>
        </p>
      ) : null}
      <HiddenInputs version={definition.version} submissionId={submissionId} attribution={attribution} />
      {definition.fields.map((field) => (
        <FieldControl
          key={field.name}
          idPrefix={idPrefix}
          field={field}
          problem={problems[field.name]}
          messages={messages}
          input={form.register(field.name)}
        />
      ))}
      <Decoy messages={messages} input={form.register(DECOY_FIELD)} />
      {isOnline ? null : <p className="lf-offline-hint">{messages.offlineHint}</p>}
      <button className="lf-submit" type="submit" data-busy={isSubmitting || undefined} aria-disabled={isSubmitting}>
        {isSubmitting ? messages.saving : definition.submitLabel}
      </button>
    </form>
  )
}

/** The contract's schema is the only judge; the library gets its codes as messages. */
function resolverFor(definition: FormDefinition): Resolver<LeadFormValues> {
  return (values) => {
    const checked = checkLeadValues(definition, withoutDecoy(values))
    if (checked.success) return { values, errors: {} }
    const errors: FieldErrors<LeadFormValues> = {}
    for (const [name, problem] of Object.entries(checked.problems))
      errors[name] = { type: 'contract', message: problem }
    return { values: {}, errors }
  }
}

function withoutDecoy(values: LeadFormValues): LeadFormValues {
  const { [DECOY_FIELD]: _decoy, ...rest } = values
  return rest
}

function problemsOf(errors: FieldErrors<LeadFormValues>): Record<string, FieldProblem> {
  return Object.fromEntries(
    Object.entries(errors).map(([name, error]) => [name, String(error?.message) as FieldProblem]),
  )
}

function emptyValues(definition: FormDefinition): LeadFormValues {
  const isBox = (type: string) => type === 'checkbox' || type === 'consent'
  return {
    ...Object.fromEntries(definition.fields.map((field) => [field.name, isBox(field.type) ? false : ''])),
    [DECOY_FIELD]: '',
  }
}

/** Past React's own handler: the browser posts the form and shows the answer. */
function postPlainly(form: HTMLFormElement | null): void {
  form?.submit()
}

function useIsHydrated(): boolean {
  const [isHydrated, setIsHydrated] = useState(false)
  useEffect(() => setIsHydrated(true), [])
  return isHydrated
}

/** A stable function that reaches the handlers of the latest render. */
function useTell(element: RefObject<HTMLFormElement | null>, formId: string, handlers: LeadFormHandlers) {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  const [tell] = useState(
    () =>
      (name: LeadFormEventName, detail: { submissionId?: string; status?: string; error?: string } = {}) =>
        emit(element.current ?? document.body, latest.current, name, { formId, ...detail }),
  )
  return tell
}
