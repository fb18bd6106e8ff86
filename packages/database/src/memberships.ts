import { and, asc, eq } from 'drizzle-orm'
import type { AppDatabase } from './connection.ts'
import { members, tenants } from './schema/index.ts'

export interface Membership {
  tenantId: string
  slug: string
  name: string
  role: string
}

/** Tenants that a person works for. */
export function membershipsOf(authDatabase: AppDatabase, userId: string): Promise<Membership[]> {
  return authDatabase
    .select({ tenantId: tenants.id, slug: tenants.slug, name: tenants.name, role: members.role })
    .from(members)
    .innerJoin(tenants, eq(tenants.id, members.organizationId))
    .where(eq(members.userId, userId))
    .orderBy(asc(tenants.name))
}

/** Role of a person in a tenant; undefined for who does not work there. */
export async function roleOf(authDatabase: AppDatabase, userId: string, tenantId: string): Promise<string | undefined> {
  const [membership] = await authDatabase
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.organizationId, tenantId)))
  return membership?.role
}
