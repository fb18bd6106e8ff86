import { createHash } from 'node:crypto'
import type { FormDefinition, LeadConsent, LeadValues } from '@landfall/contract'

/**
 * What a visitor agreed to, as the version of the form said it that they had before them: it can be shown word for word
 * after the form has changed.
 *
 * @param agreedAt device clock
 */
export function consentsOf(definition: FormDefinition, values: LeadValues, agreedAt: Date): LeadConsent[] {
  return definition.fields.flatMap((field) => {
    if (field.type !== 'consent' || values[field.name] !== true) return []
    const sha256 = createHash('sha256').update(field.text, 'utf8').digest('hex')
    return [
      {
        field: field.name,
        formVersion: definition.version,
        text: field.text,
        sha256,
        agreedAt: agreedAt.toISOString(),
      },
    ]
  })
}
