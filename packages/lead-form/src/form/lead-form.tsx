'use client'

import {
  type Attribution,
  checkLeadValues,
  type FieldProblems,
  type FormDefinition,
  type LeadFormValues,
  type LeadInsertInput,
} from '@landfall/contract'
import type { Outbox } from '@landfall/outbox'
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import { useForm } from 'react-hook-form'
import { uuidv7 } from 'uuidv7'
import { DECOY_FIELD, Decoy } from '../fields/decoy.tsx'
import { ErrorSummary } from '../fields/error-summary.tsx'
import { FieldControl } from '../fields/field-control.tsx'
import { messagesFor } from '../messages/messages.ts'
import { useOutbox } from '../sync/outbox-provider.tsx'
import { useSyncState } from '../sync/use-sync-state.ts'
import { captureAttribution, rememberLanding } from './capture-attribution.ts'
import { problemsOf, resolverFor, withoutDecoy } from './contract-resolver.ts'
import { emptyValues, isEmpty } from './empty-values.ts'
import { FillingTime } from './filling-time.ts'
import type { LeadFormHandlers } from './form-events.ts'
import { HiddenInputs } from './hidden-inputs.tsx'
import { NotSentNotice } from './not-sent-notice.tsx'
import { PostedNotice } from './posted-notice.tsx'
import { type NotSent, type SendResult, sendLead } from './send-lead.ts'
import { type ReceiptOfLead, SubmittedNotice } from './submitted-notice.tsx'
import { useDraft } from './use-draft.ts'
import { useTell } from './use-tell.ts'

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
  | { kind: 'editing'; correcting?: string | undefined; notSent?: NotSent }
  | { kind: 'submitted'; opId: string; leadId: string; values: LeadFormValues }
  | { kind: 'posted' }

/**
 * The lead form. What it calls saved is on the device's disk; the outbox of the nearest `OutboxProvider` delivers it.
 *
 * It is complete as HTML: before or without JavaScript it posts to `action` like any form.
 */
export function LeadForm(props: LeadFormProps) {
  const { form: definition, action, attribution, enquiriesHref, correct, receipts, ...handlers } = props
  const messages = messagesFor(definition.locale)
  const idPrefix = useId()
  const outbox = useOutbox()
  const { isOnline } = useSyncState()
  const element = useRef<HTMLFormElement>(null)
  const [phase, setPhase] = useState<Phase>({ kind: 'editing' })
  const [submissionId, setSubmissionId] = useState(props.submissionId)
  const isReady = useIsHydrated()
  // A page that was kept for offline use is served again and again with the same id.
  useEffect(() => setSubmissionId(uuidv7()), [])
  const form = useForm<LeadFormValues>({ resolver: resolverFor(definition), shouldFocusError: true })
  const isCorrecting = phase.kind === 'editing' && phase.correcting !== undefined
  const draft = useDraft(form, definition.formId, outbox, isCorrecting)
  const { errors, isSubmitting } = form.formState
  const problems = problemsOf(errors)
  const [filling] = useState(() => new FillingTime())
  useEffect(() => {
    if (draft.isRestored) filling.giveUp()
  }, [draft.isRestored, filling])

  const tell = useTell(element, definition.formId, handlers)
  useEffect(() => {
    rememberLanding()
    tell('ready')
  }, [tell])
  const hasStarted = useRef(false)
  const start = () => {
    filling.touch(true)
    if (!hasStarted.current) tell('start')
    hasStarted.current = true
  }

  // A second click comes before React has rendered the first: it must not be a second lead.
  const isInFlight = useRef(false)
  const send = async (values: LeadFormValues) => {
    if (isInFlight.current) return
    isInFlight.current = true
    try {
      await deliver(values)
    } finally {
      isInFlight.current = false
    }
  }

  const mayHaveArrived = useRef(false)
  const deliver = async (values: LeadFormValues) => {
    const correcting = phase.kind === 'editing' ? phase.correcting : undefined
    const checked = checkLeadValues(definition, withoutDecoy(values))
    if (!element.current || !checked.success) return
    // What is said of the last try is over, and a second failure is heard again.
    setPhase({ kind: 'editing', correcting })
    const lead = {
      definition,
      values: checked.values,
      attribution: captureAttribution(),
      decoy: String(values[DECOY_FIELD] ?? ''),
      filledInMs: correcting ? undefined : filling.elapsedMs(),
    }
    const here = { element: element.current, action: new URL(action, location.href).href }
    // A post that nobody answered may have arrived. The outbox would send the same under another id: it is posted again.
    const via = mayHaveArrived.current ? undefined : outbox
    await follow(await sendLead(lead, here, via, correcting), values, correcting)
  }

  const follow = async (result: SendResult, values: LeadFormValues, correcting: string | undefined) => {
    switch (result.kind) {
      case 'saved': {
        const { opId, entityId: leadId } = result.entry
        setPhase({ kind: 'submitted', opId, leadId, values })
        // A correction is the same submission: it was told when it was first saved, and the draft is of another.
        if (result.isCorrection) return
        tell('saved', { submissionId: leadId })
        return draft.forget()
      }
      case 'posted':
        if (result.unkept) tell('error', { error: result.unkept })
        tell('sent', { submissionId })
        setPhase({ kind: 'posted' })
        return draft.forget()
      case 'refused':
        // Past React's own handler, and past a field of that name: the browser posts the form and shows the answer.
        return element.current ? HTMLFormElement.prototype.submit.call(element.current) : undefined
      case 'not-sent':
        mayHaveArrived.current ||= result.failure !== 'busy'
        tell('error', { error: result.unkept ?? result.failure })
        return setPhase({ kind: 'editing', correcting, notSent: result })
    }
  }

  const correctWith = (opId: string, values: LeadFormValues, fields: FieldProblems) => {
    form.reset(values)
    for (const [name, problem] of Object.entries(fields)) form.setError(name, { type: 'server', message: problem })
    setPhase({ kind: 'editing', correcting: opId })
  }
  const openLetter = useEffectEvent(async (opId: string, from: Outbox) => {
    const [payload, fields] = await Promise.all([from.payloadOf(opId), from.problemsOf(opId)])
    const values = (payload as LeadInsertInput | null)?.values
    if (!values) return
    correctWith(opId, { ...emptyValues(definition), ...values }, fields)
    element.current?.scrollIntoView()
  })
  useEffect(() => {
    // A letter that cannot be read leaves an empty form; it is still listed where the person came from.
    if (correct && outbox) openLetter(correct, outbox).catch(() => {})
  }, [correct, outbox])

  const beginAnew = () => {
    form.reset(emptyValues(definition))
    filling.restart()
    mayHaveArrived.current = false
    // What was posted under the old id is another lead.
    setSubmissionId(uuidv7())
    setPhase({ kind: 'editing' })
  }

  if (phase.kind === 'posted') return <PostedNotice definition={definition} onAnother={beginAnew} />
  if (phase.kind === 'submitted') {
    return (
      <SubmittedNotice
        definition={definition}
        opId={phase.opId}
        leadId={phase.leadId}
        enquiriesHref={enquiriesHref}
        receipts={receipts}
        onEvent={tell}
        onAnother={beginAnew}
        onCorrect={(fields) => correctWith(phase.opId, phase.values, fields)}
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
      onFocus={() => filling.touch(isEmpty(form.getValues()))}
      onInput={start}
      aria-busy={isSubmitting}
      data-ready={isReady || undefined}
    >
      <ErrorSummary idPrefix={idPrefix} definition={definition} problems={problems} messages={messages} />
      {phase.notSent ? <NotSentNotice {...phase.notSent} messages={messages} /> : null}
      {draft.isRestored && !isCorrecting ? (
        <p className="lf-draft" role="status">
          {messages.draftRestored}{' '}
          <button
            type="button"
            onClick={() => {
              form.reset(emptyValues(definition))
              filling.restart()
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
      {isOnline ? null : (
        <p className="lf-offline-hint">
          {outbox && !draft.keepsNothing ? messages.offlineHint : messages.offlineUnkept}
        </p>
      )}
      <button className="lf-submit" type="submit" data-busy={isSubmitting || undefined} aria-disabled={isSubmitting}>
        {isSubmitting ? messages.saving : definition.submitLabel}
      </button>
    </form>
  )
}

function useIsHydrated(): boolean {
  const [isHydrated, setIsHydrated] = useState(false)
  useEffect(() => setIsHydrated(true), [])
  return isHydrated
}
