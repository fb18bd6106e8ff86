import type { LeadConsent, SpamReason } from './lead.ts'

/** Shapes that the proxy serves, by who may read them. Table, columns and filter are the server's. */
export const VISITOR_SHAPES = ['receipts'] as const
export const MEMBER_SHAPES = ['leads'] as const
export type VisitorShape = (typeof VISITOR_SHAPES)[number]
export type MemberShape = (typeof MEMBER_SHAPES)[number]
export type ShapeName = VisitorShape | MemberShape

/** Columns of `receipts` as a visitor's device gets them. No personal data: the device knows what it sent. */
export interface ReceiptRow {
  lead_id: string
  status: string
  form_title: string
  captured_at: string
  received_at: string
  status_changed_at: string
  version: number
}

/** Columns of `leads` as a member's device gets them. `values`, `attribution`, `spam_reasons` and `consents` are JSON. */
export interface LeadRow {
  id: string
  form_id: string
  form_version: number
  values: Record<string, string | boolean>
  attribution: Record<string, string>
  status: string
  spam_reasons: SpamReason[]
  consents: LeadConsent[]
  captured_at: string
  received_at: string
  captured_offline: boolean
  clock_skew_ms: number
  updated_at: string
  version: number
  write_id: string | null
}

/** Columns that a device gets of each shape: the server asks Electric for them, the device stores them. */
export const SHAPE_COLUMNS = {
  receipts: ['lead_id', 'status', 'form_title', 'captured_at', 'received_at', 'status_changed_at', 'version'],
  leads: [
    'id',
    'form_id',
    'form_version',
    'values',
    'attribution',
    'status',
    'spam_reasons',
    'consents',
    'captured_at',
    'received_at',
    'captured_offline',
    'clock_skew_ms',
    'updated_at',
    'version',
    'write_id',
  ],
} as const satisfies { receipts: readonly (keyof ReceiptRow)[]; leads: readonly (keyof LeadRow)[] }
