import type { FormDefinition, FormField } from '@landfall/contract'
import type { Lead } from '@landfall/local-db/tables'

export interface LeadContact {
  text: string
  /** What a tap does: call or write. */
  href: string
}

/** What a row of the board shows of a lead, whatever form it came from. */
export interface LeadSummary {
  who: string
  contacts: LeadContact[]
  /** What was chosen from lists, and the form where the tenant has several. */
  topic: string
  message: string
}

/**
 * Reads a lead's values by the kinds of its form's fields, as the form was when it was filled in; a form that is not
 * known is read by the usual names.
 *
 * @param forms all versions of all forms
 */
export function summariseLead(lead: Lead, forms: readonly FormDefinition[]): LeadSummary {
  const versions = forms.filter((candidate) => candidate.formId === lead.formId)
  const form = versions.find(({ version }) => version === lead.formVersion) ?? versions.at(-1)
  const textOf = (name: string | undefined) => {
    const value = name === undefined ? undefined : lead.values[name]
    return typeof value === 'string' ? value : ''
  }
  const nameOf = (type: FormField['type'], usual: string) =>
    form ? form.fields.find((field) => field.type === type)?.name : usual
  const email = textOf(nameOf('email', 'email'))
  const phone = textOf(nameOf('phone', 'phone'))
  const contacts = [
    ...(email ? [{ text: email, href: `mailto:${email}` }] : []),
    ...(phone ? [{ text: phone, href: `tel:${phone.replace(/[^+\p{Nd}]/gu, '')}` }] : []),
  ]
  const chosen = (form?.fields ?? []).flatMap((field) => {
    if (field.type !== 'select') return []
    const option = field.options.find((candidate) => candidate.value === lead.values[field.name])
    return option ? [option.label] : []
  })
  const isOnlyForm = forms.length > 0 && versions.length === forms.length
  const title = isOnlyForm ? '' : (form?.title ?? '')
  return {
    who: textOf(nameOf('text', 'name')) || contacts[0]?.text || 'Somebody',
    contacts,
    topic: [title, ...chosen].filter(Boolean).join(' · '),
    message: textOf(nameOf('textarea', 'message')),
  }
}
