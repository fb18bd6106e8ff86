import { pgTable, smallint, timestamp, uuid } from 'drizzle-orm/pg-core'

/**
 * One row that the app writes and reads back through Electric, to measure how far behind the live updates are. It
 * belongs to no tenant and says nothing of anybody.
 */
export const syncProbe = pgTable('sync_probe', {
  id: smallint().primaryKey(),
  /** Another one with each measurement. */
  token: uuid().notNull(),
  writtenAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
})
