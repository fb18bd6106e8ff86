import type { FormDefinition, FormField } from '@landfall/contract'
import type { LeadViewRow } from '@landfall/local-db'

/** What a row of the board shows of a lead, whatever form it came from. */
export interface LeadSummary {
  who: string
  contacts: string[]
  message: string
  formTitle: string
}

/** Reads a lead's values by the kinds of its form's fields; a form no longer known is read by the usual names. */
export function summariseLead(lead: LeadViewRow, forms: readonly FormDefinition[]): LeadSummary {
  const form = forms.find((candidate) => candidate.formId === lead.form_id)
  const textOf = (name: string | undefined) => {
    const value = name === undefined ? undefined : lead.values[name]
    return typeof value === 'string' ? value : ''
  }
  const nameOf = (type: FormField['type'], usual: string) =>
    form ? form.fields.find((field) => field.type === type)?.name : usual
  const contacts = [textOf(nameOf('email', 'email')), textOf(nameOf('phone', 'phone'))].filter(Boolean)
  const chosen = (form?.fields ?? []).flatMap((field) => {
    if (field.type !== 'select') return []
    const option = field.options.find((candidate) => candidate.value === lead.values[field.name])
    return option ? [option.label] : []
  })
  return {
    who: textOf(nameOf('text', 'name')) || contacts[0] || 'Somebody',
    contacts,
    message: [chosen.join(' · '), textOf(nameOf('textarea', 'message'))].filter(Boolean).join(' – '),
    formTitle: form?.title ?? lead.form_id,
  }
}
