import { sql } from 'drizzle-orm'
import { jsonb, pgEnum, pgPolicy, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { appRole, authRole, tenantPolicy } from './tenant-policy.ts'

/** A business with a site of its own. It is better-auth's organisation. */
export const tenants = pgTable(
  'tenants',
  {
    id: uuid().primaryKey(),
    /** Label of its address below the root domain. */
    slug: text().notNull().unique(),
    name: text().notNull(),
    logo: text(),
    metadata: text(),
    /** `SiteContent` of the contract. */
    site: jsonb().notNull().default({}),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    tenantPolicy('tenants', table.id),
    pgPolicy('tenants_of_members', { for: 'select', to: authRole, using: sql`true` }),
  ],
)

export const domainKind = pgEnum('domain_kind', ['subdomain', 'custom'])

/** Host → tenant. A `subdomain` row holds the label before the root domain, a `custom` row the whole host. */
export const domains = pgTable(
  'domains',
  {
    kind: domainKind().notNull(),
    host: text().notNull(),
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.host] }),
    tenantPolicy('domains', table.tenantId),
    // The tenant of a host is looked up before there is a tenant; the app may read the map, not write it.
    pgPolicy('domains_lookup', { for: 'select', to: appRole, using: sql`true` }),
  ],
)
