import * as z from 'zod'
import { attribution } from './attribution.ts'
import { formId } from './ids.ts'

/** Statuses that a member gives. `new` is unread: until then the lead is still its visitor's to change. */
export const EDITABLE_LEAD_STATUSES = ['new', 'reviewing', 'contacted', 'won', 'lost', 'spam'] as const

/** Where the tenant stands with a lead. A visitor withdrew a `withdrawn` one before anybody read it; its values are gone. */
export const LEAD_STATUSES = [...EDITABLE_LEAD_STATUSES, 'withdrawn'] as const
export const leadStatus = z.enum(LEAD_STATUSES)
export type LeadStatus = z.output<typeof leadStatus>

/** What the visitor is told of it. How a deal ended, or that a lead was taken for spam, is the tenant's own affair. */
export const RECEIPT_STATUSES = ['received', 'reviewing', 'contacted', 'closed', 'withdrawn'] as const
export const receiptStatus = z.enum(RECEIPT_STATUSES)
export type ReceiptStatus = z.output<typeof receiptStatus>

export const RECEIPT_STATUS_OF = {
  new: 'received',
  reviewing: 'reviewing',
  contacted: 'contacted',
  won: 'closed',
  lost: 'closed',
  spam: 'received',
  withdrawn: 'withdrawn',
} as const satisfies Record<LeadStatus, ReceiptStatus>

/** Why a lead was set apart for the tenant to judge. Its visitor is answered as ever. */
export const SPAM_REASONS = ['decoy', 'too_fast', 'too_many_links', 'too_many_at_once'] as const
export type SpamReason = (typeof SPAM_REASONS)[number]

/** A text that a visitor agreed to, kept with the lead as it stood in that version of the form. */
export interface LeadConsent {
  /** Name of the consent field. */
  field: string
  formVersion: number
  text: string
  /** SHA-256 of the text in UTF-8, in hexadecimal. */
  sha256: string
  /** Device clock, ISO 8601 in UTC. */
  agreedAt: string
}

const values = z.record(z.string().max(64), z.union([z.string(), z.boolean()]))

/** Payload of `lead.insert`. `values` is checked against the form version named by the operation. */
export const leadInsert = z.strictObject({
  formId,
  values,
  attribution: attribution.default({}),
  /** Whether the device had no network when the form was sent. */
  capturedOffline: z.boolean().default(false),
  /** The decoy field; people leave it empty. */
  decoy: z.string().max(500).optional(),
  /** From the first touch of the form to its submit, by a clock that cannot be set; people need more than a moment. */
  filledInMs: z.int().min(0).optional(),
})
export type LeadInsert = z.output<typeof leadInsert>
export type LeadInsertInput = z.input<typeof leadInsert>

/**
 * Payload of `lead.update` by a member: only what changes. A value of `''` or `false` takes the field away. Conflicts
 * name fields as `status` and `values.<name>`.
 */
export const leadUpdate = z.strictObject({
  status: z.enum(EDITABLE_LEAD_STATUSES).optional(),
  values: values.optional(),
})
export type LeadUpdate = z.output<typeof leadUpdate>

/** Payload of `lead.update` by the visitor who sent it, while it is unread: only what changes. */
export const leadAmend = z.strictObject({ values })
export type LeadAmend = z.output<typeof leadAmend>

/** Payload of `lead.delete` by the visitor who sent it, while it is unread. */
export const leadWithdraw = z.strictObject({})
