import { hash } from 'node:crypto'
import type { FormDefinition, FormField, LeadConsent, LeadValues } from '@landfall/contract'

/**
 * What a visitor agreed to, as the version of the form said it that they had before them: it can be shown word for word
 * after the form has changed.
 *
 * @param agreedAt device clock
 */
export function consentsOf(definition: FormDefinition, values: LeadValues, agreedAt: Date): LeadConsent[] {
  return definition.fields.flatMap((field) => {
    if (field.type !== 'consent' || values[field.name] !== true) return []
    return [
      {
        field: field.name,
        formVersion: definition.version,
        text: field.text,
        sha256: textHash(field),
        agreedAt: agreedAt.toISOString(),
      },
    ]
  })
}

const hashes = new WeakMap<FormField, string>()

/** A published field does not change, and is agreed to many times. */
function textHash(field: FormField & { type: 'consent' }): string {
  const known = hashes.get(field)
  if (known) return known
  const made = hash('sha256', field.text, 'hex')
  hashes.set(field, made)
  return made
}
