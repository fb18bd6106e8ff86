import { type AnyColumn, sql } from 'drizzle-orm'
import { pgPolicy, pgRole } from 'drizzle-orm/pg-core'

/** Role of every request: bound to one tenant a transaction, and without a way round row-level security. */
export const appRole = pgRole('landfall_app').existing()

/** Role of sign-in, which must find people before it knows a tenant. It sees no lead. */
export const authRole = pgRole('landfall_auth').existing()

/** Setting that carries the tenant through a transaction; see `withTenant`. */
export const TENANT_SETTING = 'app.tenant_id'

// Without a tenant the setting is absent or empty, the comparison is NULL, and no row is visible.
const currentTenant = sql.raw(`nullif(current_setting('${TENANT_SETTING}', true), '')::uuid`)

/** Rows of the current tenant only, for reading and for writing. */
export function tenantPolicy(table: string, tenantColumn: AnyColumn) {
  const isCurrent = sql`${tenantColumn} = ${currentTenant}`
  return pgPolicy(`${table}_of_tenant`, { for: 'all', to: appRole, using: isCurrent, withCheck: isCurrent })
}
