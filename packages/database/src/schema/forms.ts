import type { FormDefinition } from '@landfall/contract'
import { foreignKey, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core'
import { tenantPolicy } from './tenant-policy.ts'
import { tenants } from './tenants.ts'

/** A form of a tenant, known to pages by its public id. */
export const forms = pgTable(
  'forms',
  {
    id: text().primaryKey(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    /** Version that new pages show; all versions stay acceptable. */
    currentVersion: integer().notNull(),
    /** Place among the forms of the tenant; the first is the contact form of its site. */
    position: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [unique('forms_tenant_id_id').on(table.tenantId, table.id), tenantPolicy('forms', table.tenantId)],
)

/** A published version of a form. It never changes. */
export const formVersions = pgTable(
  'form_versions',
  {
    tenantId: uuid().notNull(),
    formId: text().notNull(),
    version: integer().notNull(),
    definition: jsonb().$type<FormDefinition>().notNull(),
    publishedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.formId, table.version] }),
    foreignKey({
      name: 'form_versions_form',
      columns: [table.tenantId, table.formId],
      foreignColumns: [forms.tenantId, forms.id],
    }).onDelete('cascade'),
    tenantPolicy('form_versions', table.tenantId),
  ],
)
