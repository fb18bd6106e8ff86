import type { LeadConsent, SpamReason } from './lead.ts'

/** Shapes that the proxy serves, by who may read them. Table, columns and filter are the server's. */
export const VISITOR_SHAPES = ['receipts'] as const
export const MEMBER_SHAPES = ['leads', 'lead_events', 'notes', 'members', 'forms', 'form_versions'] as const
export type VisitorShape = (typeof VISITOR_SHAPES)[number]
export type MemberShape = (typeof MEMBER_SHAPES)[number]
export type ShapeName = VisitorShape | MemberShape

/** Shapes that devices keep a table of. */
export type FollowedShape = ShapeName

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

/** Columns of `lead_events`: who did what to a lead. `member_id` is null where its visitor did it; `data` is JSON. */
export interface LeadEventRow {
  id: string
  lead_id: string
  kind: string
  actor_kind: string
  member_id: string | null
  op_id: string
  data: Record<string, unknown>
  captured_at: string
  created_at: string
}

/** Columns of `notes`: what members wrote beside a lead. `author_id` is a user id, as `members` has it. */
export interface NoteRow {
  id: string
  lead_id: string
  author_id: string
  body: string
  created_at: string
  updated_at: string
  version: number
  write_id: string | null
}

/** Columns of `members`: who works in the workspace. */
export interface MemberRow {
  id: string
  user_id: string
  display_name: string
  role: string
  created_at: string
}

/** Columns of `forms`. What a version asks for stands in `form_versions`. */
export interface FormRow {
  id: string
  title: string
  current_version: number
  position: number
  created_at: string
}

/** Columns of `form_versions`. `definition` is the JSON of a `FormDefinition`. */
export interface FormVersionRow {
  form_id: string
  version: number
  definition: unknown
  published_at: string
}

interface ShapeRows {
  receipts: ReceiptRow
  leads: LeadRow
  lead_events: LeadEventRow
  notes: NoteRow
  members: MemberRow
  forms: FormRow
  form_versions: FormVersionRow
}

/** Columns that a device may get of each shape: the server asks Electric for them, the device stores what it follows. */
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
  lead_events: ['id', 'lead_id', 'kind', 'actor_kind', 'member_id', 'op_id', 'data', 'captured_at', 'created_at'],
  notes: ['id', 'lead_id', 'author_id', 'body', 'created_at', 'updated_at', 'version', 'write_id'],
  members: ['id', 'user_id', 'display_name', 'role', 'created_at'],
  forms: ['id', 'title', 'current_version', 'position', 'created_at'],
  form_versions: ['form_id', 'version', 'definition', 'published_at'],
} as const satisfies { [Name in ShapeName]: readonly (keyof ShapeRows[Name])[] }
