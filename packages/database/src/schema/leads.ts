import {
  type Attribution,
  LEAD_STATUSES,
  type LeadConsent,
  type LeadValues,
  RECEIPT_STATUSES,
  type SpamReason,
} from '@landfall/contract'
import { sql } from 'drizzle-orm'
import {
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { forms } from './forms.ts'
import { tenantPolicy } from './tenant-policy.ts'

export const leadStatusEnum = pgEnum('lead_status', LEAD_STATUSES)
export const receiptStatusEnum = pgEnum('receipt_status', RECEIPT_STATUSES)

const moment = () => timestamp({ withTimezone: true, mode: 'date' })

/** The last edit of one field: which version of the row it made, when it was made, and by which operation. */
export interface FieldEdit {
  version: number
  /** Device clock with its skew taken off, never before the lead nor after the edit arrived; ISO 8601 in UTC. */
  editedAt: string
  opId: string
  /** `member` once a member edited the field at all, also when their edit gave way: they have read the lead. */
  by: 'visitor' | 'member'
  /** Client id that the batch came from: what one device wrote one after the other is no conflict. */
  deviceId: string
}

/** By field as conflicts name it: `status`, `values.<name>`. A field that nobody edited is absent. */
export type FieldEdits = Record<string, FieldEdit>

/**
 * What a visitor asked for. The key begins with the tenant, so an id known from elsewhere names nothing here.
 *
 * `capturedAt` is the device's clock and `receivedAt` ours; `clockSkewMs` is how far the device was ahead (D17).
 */
export const leads = pgTable(
  'leads',
  {
    tenantId: uuid().notNull(),
    id: uuid().notNull(),
    formId: text().notNull(),
    formVersion: integer().notNull(),
    clientId: uuid().notNull(),
    values: jsonb().$type<LeadValues>().notNull(),
    attribution: jsonb().$type<Attribution>().notNull().default({}),
    status: leadStatusEnum().notNull().default('new'),
    /** Why it was set apart when it came in; it stays when a member finds that it was none. */
    spamReasons: jsonb().$type<SpamReason[]>().notNull().default([]),
    consents: jsonb().$type<LeadConsent[]>().notNull().default([]),
    /** What conflicts are settled by. It is in no shape. */
    fieldEdits: jsonb().$type<FieldEdits>().notNull().default({}),
    capturedAt: moment().notNull(),
    receivedAt: moment().notNull().defaultNow(),
    capturedOffline: boolean().notNull().default(false),
    clockSkewMs: integer().notNull().default(0),
    updatedAt: moment().notNull().defaultNow(),
    version: integer().notNull().default(1),
    /** Operation that wrote the row last: a device takes its own edit for confirmed when it sees it here. */
    writeId: uuid(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'leads_form',
      columns: [table.tenantId, table.formId],
      foreignColumns: [forms.tenantId, forms.id],
    }),
    // Not with the tenant first: on a young table the planner takes such an index for as good as the key, and a
    // connection that checks foreign keys by it reads every lead of the tenant for each one that it writes.
    index('leads_of_device').on(table.clientId, table.receivedAt.desc()),
    tenantPolicy('leads', table.tenantId),
  ],
)

/** What the visitor's device is told of its lead: no personal data, no internal status. */
export const leadReceipts = pgTable(
  'lead_receipts',
  {
    tenantId: uuid().notNull(),
    leadId: uuid().notNull(),
    clientId: uuid().notNull(),
    status: receiptStatusEnum().notNull().default('received'),
    formTitle: text().notNull(),
    capturedAt: moment().notNull(),
    receivedAt: moment().notNull(),
    statusChangedAt: moment().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.leadId] }),
    foreignKey({
      name: 'lead_receipts_lead',
      columns: [table.tenantId, table.leadId],
      foreignColumns: [leads.tenantId, leads.id],
    }).onDelete('cascade'),
    index('lead_receipts_client').on(table.clientId, table.tenantId),
    tenantPolicy('lead_receipts', table.tenantId),
  ],
)

/**
 * `created`: it came in. `changed`: a member's edit. `overridden`: of an edit, the fields that met somebody else's, with
 * the value that stands and the one that gave way. `amended`, `withdrawn`: its visitor's doing while it was unread.
 */
export const LEAD_EVENT_KINDS = ['created', 'changed', 'overridden', 'amended', 'withdrawn'] as const

/**
 * History of a lead: who did what, and what the value was before. Nothing is taken from it, except that the values of a
 * lead go from its history too when its visitor takes it back.
 */
export const leadEvents = pgTable(
  'lead_events',
  {
    tenantId: uuid().notNull(),
    id: uuid().notNull().default(sql`uuidv7()`),
    leadId: uuid().notNull(),
    kind: text({ enum: LEAD_EVENT_KINDS }).notNull(),
    actorKind: text({ enum: ['visitor', 'member'] }).notNull(),
    /** Client id of a visitor's device, user id of a member. */
    actorId: text().notNull(),
    /** The same for a member, null for a visitor: what other members are told of it. Kept by a trigger. */
    memberId: text(),
    opId: uuid().notNull(),
    data: jsonb().notNull().default({}),
    capturedAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'lead_events_lead',
      columns: [table.tenantId, table.leadId],
      foreignColumns: [leads.tenantId, leads.id],
    }).onDelete('cascade'),
    index('lead_events_lead_id').on(table.leadId, table.tenantId),
    tenantPolicy('lead_events', table.tenantId),
  ],
)
