import type { Attribution, FormDefinition, LeadValues, QueueEntryView } from '@landfall/contract'
import { type Outbox, OutboxUnavailableError, type UnavailableReason } from '@landfall/outbox'
import { leadEntry, leadPayload } from './lead-entry.ts'
import { type DirectPostFailure, postDirectly } from './post-directly.ts'

/** Nothing of it is on this device or on the server: why the device kept nothing, if it was asked, and why the post failed. */
export interface NotSent {
  unkept: UnavailableReason | null
  failure: DirectPostFailure
}

export type SendResult =
  /** On this device's disk; the outbox delivers it. A correction is the same submission as before. */
  | { kind: 'saved'; entry: QueueEntryView; isCorrection: boolean }
  /** This device keeps nothing; the server has it. */
  | { kind: 'posted'; unkept: UnavailableReason | null }
  | { kind: 'refused' }
  | ({ kind: 'not-sent' } & NotSent)

export interface LeadToDeliver {
  definition: FormDefinition
  values: LeadValues
  attribution: Attribution
  decoy: string
  filledInMs: number | undefined
}

/** Puts a lead into the outbox; where this device keeps nothing, posts the form itself to `action`. */
export async function sendLead(
  lead: LeadToDeliver,
  form: { element: HTMLFormElement; action: string },
  outbox: Outbox | undefined,
  correcting: string | undefined,
): Promise<SendResult> {
  if (!outbox) return post(form, lead.attribution, null)
  try {
    return await save({ ...lead, isOffline: !navigator.onLine }, outbox, correcting)
  } catch (error) {
    if (!(error instanceof OutboxUnavailableError)) throw error
    return post(form, lead.attribution, error.reason)
  }
}

async function save(
  lead: LeadToDeliver & { isOffline: boolean },
  outbox: Outbox,
  correcting: string | undefined,
): Promise<SendResult> {
  // A letter that was deleted in another tab meanwhile is written anew.
  const again = correcting && (await outbox.resend(correcting, leadPayload(lead)))
  if (again) return { kind: 'saved', entry: again, isCorrection: true }
  const [entry] = await outbox.enqueue(leadEntry(lead))
  if (!entry) throw new OutboxUnavailableError('failed', 'nothing was enqueued')
  return { kind: 'saved', entry, isCorrection: false }
}

async function post(
  { element, action }: { element: HTMLFormElement; action: string },
  attribution: Attribution,
  unkept: UnavailableReason | null,
): Promise<SendResult> {
  const result = await postDirectly({ form: element, action, attribution })
  switch (result.kind) {
    case 'stored':
      return { kind: 'posted', unkept }
    case 'refused':
      return { kind: 'refused' }
    case 'not-sent':
      return { kind: 'not-sent', unkept, failure: result.failure }
  }
}
