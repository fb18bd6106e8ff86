// Made by `pnpm db:generate` from packages/database/src/local-schema. Do not edit.
import type { Attribution, FormDefinition, LeadConsent, LeadValues, SpamReason } from '@landfall/contract'
import { sql } from 'drizzle-orm'
import { boolean, integer, jsonb, pgTable, pgView, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Takes UPDATE (status, values). */
export const leads = pgTable('leads', {
  id: uuid('id').primaryKey().default(sql`uuidv7()`),
  formId: text('form_id').notNull().generatedAlwaysAs(sql``),
  formVersion: integer('form_version').notNull().generatedAlwaysAs(sql``),
  values: jsonb('values').$type<LeadValues>().notNull(),
  attribution: jsonb('attribution').$type<Attribution>().notNull().generatedAlwaysAs(sql``),
  status: text('status', { enum: ['new', 'reviewing', 'contacted', 'won', 'lost', 'spam', 'withdrawn'] }).notNull(),
  spamReasons: jsonb('spam_reasons').$type<SpamReason[]>().notNull().generatedAlwaysAs(sql``),
  consents: jsonb('consents').$type<LeadConsent[]>().notNull().generatedAlwaysAs(sql``),
  capturedAt: timestamp('captured_at', { withTimezone: true, mode: 'date' }).notNull().generatedAlwaysAs(sql``),
  receivedAt: timestamp('received_at', { withTimezone: true, mode: 'date' }).notNull().generatedAlwaysAs(sql``),
  capturedOffline: boolean('captured_offline').notNull().generatedAlwaysAs(sql``),
  clockSkewMs: integer('clock_skew_ms').notNull().generatedAlwaysAs(sql``),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'date' }).notNull().generatedAlwaysAs(sql``),
  version: integer('version').notNull().generatedAlwaysAs(sql``),
  writeId: uuid('write_id').generatedAlwaysAs(sql``),
  _hasLocalChanges: boolean('_has_local_changes').notNull().generatedAlwaysAs(sql``),
  /** Operation whose values are shown. */
  _pendingWriteId: uuid('_pending_write_id').generatedAlwaysAs(sql``),
})
export type Lead = typeof leads.$inferSelect

/** Takes INSERT (lead_id, body), UPDATE (body), DELETE. */
export const notes = pgTable('notes', {
  id: uuid('id').primaryKey().default(sql`uuidv7()`),
  leadId: uuid('lead_id').notNull(),
  authorId: text('author_id').notNull().generatedAlwaysAs(sql``),
  body: text('body').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull().generatedAlwaysAs(sql``),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'date' }).notNull().generatedAlwaysAs(sql``),
  version: integer('version').notNull().generatedAlwaysAs(sql``),
  writeId: uuid('write_id').generatedAlwaysAs(sql``),
  _hasLocalChanges: boolean('_has_local_changes').notNull().generatedAlwaysAs(sql``),
  /** Operation whose values are shown. */
  _pendingWriteId: uuid('_pending_write_id').generatedAlwaysAs(sql``),
})
export type Note = typeof notes.$inferSelect
export type NewNote = typeof notes.$inferInsert

/** Read only. */
export const leadEvents = pgView('lead_events', {
  id: uuid('id').notNull(),
  leadId: uuid('lead_id').notNull(),
  kind: text('kind', { enum: ['created', 'changed', 'overridden', 'amended', 'withdrawn'] }).notNull(),
  actorKind: text('actor_kind', { enum: ['visitor', 'member'] }).notNull(),
  memberId: text('member_id'),
  opId: uuid('op_id').notNull(),
  data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  capturedAt: timestamp('captured_at', { withTimezone: true, mode: 'date' }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
}).existing()
export type LeadEvent = typeof leadEvents.$inferSelect

/** Read only. */
export const members = pgView('members', {
  id: text('id').notNull(),
  userId: text('user_id').notNull(),
  displayName: text('display_name').notNull(),
  role: text('role').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
}).existing()
export type Member = typeof members.$inferSelect

/** Read only. */
export const forms = pgView('forms', {
  id: text('id').notNull(),
  title: text('title').notNull(),
  currentVersion: integer('current_version').notNull(),
  position: integer('position').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
}).existing()
export type Form = typeof forms.$inferSelect

/** Read only. */
export const formVersions = pgView('form_versions', {
  formId: text('form_id').notNull(),
  version: integer('version').notNull(),
  definition: jsonb('definition').$type<FormDefinition>().notNull(),
  publishedAt: timestamp('published_at', { withTimezone: true, mode: 'date' }).notNull(),
}).existing()
export type FormVersion = typeof formVersions.$inferSelect
