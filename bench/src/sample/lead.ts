import type { LeadInsertInput, Operation } from '@landfall/contract'
import { uuidv7 } from 'uuidv7'

/** The roofer's form of the demo; the real app knows it, the bare servers do not look. */
const FORM_ID = 'f_acmeroof01'

/** Subdomain of the demo tenant whose form it is. */
export const TENANT_SLUG = 'acme'

/** A lead of an ordinary size, about 900 bytes of JSON, with ids of its own. */
export function sampleLead(): Operation {
  const payload: LeadInsertInput = {
    formId: FORM_ID,
    values: {
      name: 'Margaret Ollerenshaw',
      email: 'margaret.ollerenshaw@example.com',
      phone: '0114 496 0123',
      job: 'leak',
      message:
        'Brown patch on the back bedroom ceiling since Sunday, about the size of a plate and growing. The house is an end terrace in Walkley, slate roof, and the neighbour says there are two slates in her gutter.',
      privacy: true,
    },
    attribution: {
      utm_source: 'newsletter',
      utm_medium: 'email',
      utm_campaign: 'autumn-storms',
      page_url: 'https://acme.example.com/?utm_source=newsletter&utm_medium=email&utm_campaign=autumn-storms',
      referrer: 'https://mail.example.com/',
    },
    capturedOffline: true,
    filledInMs: 48_000,
  }
  return {
    opId: uuidv7(),
    entity: 'lead',
    action: 'insert',
    entityId: uuidv7(),
    formVersion: 1,
    capturedAt: new Date().toISOString(),
    payload,
  }
}

export const sampleLeads = (count: number): Operation[] => Array.from({ length: count }, sampleLead)
