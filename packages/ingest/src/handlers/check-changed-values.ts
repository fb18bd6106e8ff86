import { checkLeadValues, type FormDefinition, type LeadValues } from '@landfall/contract'
import type { FieldValue, LeadField } from '../conflicts/resolve-lead-edit.ts'
import { type Rejected, rejected } from '../engine/handler.ts'

export type ChangedValues = { outcome: 'checked'; changes: Map<LeadField, FieldValue> } | Rejected

/**
 * Checks new values by the form version that the lead was captured with, and only those: an old lead stays editable
 * where it would not pass as a whole. A value of `''` or `false` takes the field away.
 */
export function checkChangedValues(form: FormDefinition, values: LeadValues): ChangedValues {
  const fields = form.fields.filter((field) => Object.hasOwn(values, field.name))
  const checked = checkLeadValues({ fields }, values)
  if (!checked.success) return rejected('invalid_values', { fields: checked.problems })
  const changes = new Map<LeadField, FieldValue>()
  for (const { name } of fields) changes.set(`values.${name}`, checked.values[name])
  return { outcome: 'checked', changes }
}
