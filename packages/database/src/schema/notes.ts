import { foreignKey, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { leads } from './leads.ts'
import { tenantPolicy } from './tenant-policy.ts'

const moment = () => timestamp({ withTimezone: true, mode: 'date' })

/** What members write beside a lead, for one another. Its visitor never sees it; it goes with the lead's values. */
export const notes = pgTable(
  'notes',
  {
    tenantId: uuid().notNull(),
    id: uuid().notNull(),
    leadId: uuid().notNull(),
    /** User id of the member who wrote it. */
    authorId: text().notNull(),
    body: text().notNull(),
    /** When it was written: the device's clock with its skew taken off, never before the lead nor after it arrived. */
    createdAt: moment().notNull(),
    /** The same of the edit that stands. Of two that knew nothing of one another the later one does. */
    updatedAt: moment().notNull(),
    version: integer().notNull().default(1),
    /** Operation that wrote the row last: a device takes its own write for confirmed when it sees it here. */
    writeId: uuid(),
    /** Device of the edit that stands: what one device wrote one after the other is no conflict. It is in no shape. */
    deviceId: uuid().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'notes_lead',
      columns: [table.tenantId, table.leadId],
      foreignColumns: [leads.tenantId, leads.id],
    }).onDelete('cascade'),
    index('notes_lead_id').on(table.leadId, table.tenantId),
    tenantPolicy('notes', table.tenantId),
  ],
)
