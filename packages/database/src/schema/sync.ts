import type { OperationResult } from '@landfall/contract'
import {
  bigint,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { tenantPolicy } from './tenant-policy.ts'
import { tenants } from './tenants.ts'

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/**
 * The idempotency ledger: one row an operation, written in the transaction of its effect.
 *
 * A replay finds its row and is given the first outcome; the same id with another request hash is refused.
 */
export const syncOperations = pgTable(
  'sync_operations',
  {
    // No foreign key: row-level security holds every row to the tenant of its transaction, and a look at the tenant for
    // each operation is a tenth of what it costs to take a lead.
    tenantId: uuid().notNull(),
    opId: uuid().notNull(),
    actorKind: text({ enum: ['visitor', 'member'] }).notNull(),
    actorId: text().notNull(),
    entity: text().notNull(),
    action: text().notNull(),
    entityId: uuid().notNull(),
    /** SHA-256 of the operation in canonical JSON. */
    requestHash: bytes().notNull(),
    /** Null only inside the transaction that writes the effect. */
    result: jsonb().$type<OperationResult>(),
    requestId: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.opId] }), tenantPolicy('sync_operations', table.tenantId)],
)

/** Visitors' devices. The first key seen for a client id is believed; only its hash is kept. */
export const devices = pgTable(
  'devices',
  {
    tenantId: uuid()
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    clientId: uuid().notNull(),
    keyHash: bytes().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.clientId] }), tenantPolicy('devices', table.tenantId)],
)

/** Counters of rate-limiter-flexible, in the columns it expects. Keys carry the tenant; they are no tenant's data. */
export const rateLimits = pgTable('rate_limits', {
  key: varchar({ length: 255 }).primaryKey(),
  points: integer().notNull().default(0),
  expire: bigint({ mode: 'number' }),
})
