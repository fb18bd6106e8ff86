import {
  checkLeadValues,
  type FieldProblems,
  type FormDefinition,
  type FormField,
  type LeadFormValues,
  type LeadValues,
} from '@landfall/contract'

export type Amendment =
  | { kind: 'invalid'; problems: FieldProblems }
  /** What stands in the form is what was sent. */
  | { kind: 'nothing' }
  | { kind: 'change'; values: LeadValues }

/**
 * Fields that a visitor may change of what they sent. Consent is not among them: who takes it back takes the lead back.
 * Where the device does not know what was sent, an empty field stands for "as it is"; a box cannot say that.
 */
export function amendableFields(definition: FormDefinition, isKnown: boolean): FormField[] {
  return definition.fields.flatMap((field): FormField[] => {
    if (field.type === 'consent') return []
    if (isKnown) return [field]
    return field.type === 'checkbox' ? [] : [{ ...field, required: false }]
  })
}

/**
 * What a filled-in form changes.
 *
 * @param known what was sent, as far as this device still has it; null when it has not
 */
export function amendmentOf(definition: FormDefinition, known: LeadValues | null, typed: LeadFormValues): Amendment {
  const fields = amendableFields(definition, known !== null)
  const checked = checkLeadValues({ fields }, pick(typed, fields))
  if (!checked.success) return { kind: 'invalid', problems: checked.problems }
  const values = known ? differences(fields, known, checked.values) : checked.values
  return Object.keys(values).length === 0 ? { kind: 'nothing' } : { kind: 'change', values }
}

/** A field that was emptied is sent as empty: the server takes it away. */
function differences(fields: readonly FormField[], before: LeadValues, after: LeadValues): LeadValues {
  const emptyOf = (field: FormField) => (field.type === 'checkbox' ? false : '')
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = after[field.name] ?? emptyOf(field)
      return value === (before[field.name] ?? emptyOf(field)) ? [] : [[field.name, value]]
    }),
  )
}

function pick(values: LeadFormValues, fields: readonly FormField[]): LeadFormValues {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = values[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
