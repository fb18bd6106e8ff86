import { sql } from 'drizzle-orm'
import { boolean, index, pgPolicy, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { authRole } from './tenant-policy.ts'
import { tenants } from './tenants.ts'

// better-auth's tables, in the columns that it expects. Only the role `landfall_auth` may use them, which sees no lead;
// people belong to several tenants, so these tables carry no tenant policy.

const moment = () => timestamp({ withTimezone: true })

export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
})

export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    expiresAt: moment().notNull(),
    token: text().notNull().unique(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
    ipAddress: text(),
    userAgent: text(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    activeOrganizationId: text(),
  },
  (table) => [index('sessions_user_id').on(table.userId)],
)

export const accounts = pgTable(
  'accounts',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    password: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index('accounts_user_id').on(table.userId)],
)

export const verifications = pgTable(
  'verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index('verifications_identifier').on(table.identifier)],
)

export const members = pgTable(
  'members',
  {
    id: text().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text().notNull().default('member'),
    /**
     * The person's name, which stands in `users`: a shape is of one table. Triggers keep it; whoever writes a membership
     * leaves it alone.
     */
    displayName: text().notNull().default(''),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index('members_user_id').on(table.userId),
    index('members_organization_id').on(table.organizationId),
    // Colleagues read it through its shape, whose filter is the workspace; the app itself has no business here.
    pgPolicy('members_of_sign_in', { for: 'all', to: authRole, using: sql`true`, withCheck: sql`true` }),
  ],
)

export const invitations = pgTable(
  'invitations',
  {
    id: text().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    role: text(),
    status: text().notNull().default('pending'),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    inviterId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
  },
  (table) => [index('invitations_organization_id').on(table.organizationId)],
)
