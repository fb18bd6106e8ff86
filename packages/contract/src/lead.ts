import * as z from 'zod'
import { attribution } from './attribution.ts'
import { formId } from './ids.ts'

/** Where the tenant stands with a lead. */
export const LEAD_STATUSES = ['new', 'reviewing', 'contacted', 'won', 'lost', 'spam'] as const
export const leadStatus = z.enum(LEAD_STATUSES)
export type LeadStatus = z.output<typeof leadStatus>

/** What the visitor is told of it. How a deal ended, or that a lead was taken for spam, is the tenant's own affair. */
export const RECEIPT_STATUSES = ['received', 'reviewing', 'contacted', 'closed'] as const
export const receiptStatus = z.enum(RECEIPT_STATUSES)
export type ReceiptStatus = z.output<typeof receiptStatus>

export const RECEIPT_STATUS_OF = {
  new: 'received',
  reviewing: 'reviewing',
  contacted: 'contacted',
  won: 'closed',
  lost: 'closed',
  spam: 'received',
} as const satisfies Record<LeadStatus, ReceiptStatus>

/** Payload of `lead.insert`. `values` is checked against the form version named by the operation. */
export const leadInsert = z.strictObject({
  formId,
  values: z.record(z.string().max(64), z.union([z.string(), z.boolean()])),
  attribution: attribution.default({}),
  /** Whether the device had no network when the form was sent. */
  capturedOffline: z.boolean().default(false),
  /** The decoy field; people leave it empty. */
  decoy: z.string().max(500).optional(),
})
export type LeadInsert = z.output<typeof leadInsert>
export type LeadInsertInput = z.input<typeof leadInsert>

/** Payload of `lead.update` by a member: only what changes. */
export const leadUpdate = z.strictObject({
  status: leadStatus.optional(),
})
export type LeadUpdate = z.output<typeof leadUpdate>
