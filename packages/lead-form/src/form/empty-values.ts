import type { FormDefinition, LeadFormValues } from '@landfall/contract'
import { DECOY_FIELD } from '../fields/decoy.tsx'

/** Every field as it is before anybody touched it. */
export function emptyValues(definition: Pick<FormDefinition, 'fields'>): LeadFormValues {
  const isBox = (type: string) => type === 'checkbox' || type === 'consent'
  return {
    ...Object.fromEntries(definition.fields.map((field) => [field.name, isBox(field.type) ? false : ''])),
    [DECOY_FIELD]: '',
  }
}

export const isEmpty = (values: LeadFormValues) => Object.values(values).every((value) => !value)
