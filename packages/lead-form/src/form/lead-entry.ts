import type { Attribution, FormDefinition, LeadInsertInput, LeadValues } from '@landfall/contract'
import type { NewEntry } from '@landfall/outbox'
import { uuidv7 } from 'uuidv7'

export interface LeadToSend {
  definition: FormDefinition
  values: LeadValues
  attribution: Attribution
  isOffline: boolean
  decoy: string
  /** From the first touch to the submit; undefined where it was not measured. */
  filledInMs: number | undefined
}

export function leadPayload(lead: LeadToSend): LeadInsertInput {
  const { definition, values, attribution, isOffline, decoy, filledInMs } = lead
  return {
    formId: definition.formId,
    values,
    attribution,
    capturedOffline: isOffline,
    ...(decoy ? { decoy } : {}),
    ...(filledInMs === undefined ? {} : { filledInMs }),
  }
}

/** A filled-in form as a write for the outbox. */
export function leadEntry(lead: LeadToSend): NewEntry {
  return {
    opId: uuidv7(),
    entity: 'lead',
    action: 'insert',
    entityId: uuidv7(),
    formVersion: lead.definition.version,
    label: lead.definition.title,
    payload: leadPayload(lead),
  }
}
