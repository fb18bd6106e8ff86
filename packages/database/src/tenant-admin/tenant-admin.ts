import { randomBytes, randomUUID } from 'node:crypto'
import { publicHostName } from '@landfall/contract'
import { and, eq, inArray } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { alias } from 'drizzle-orm/pg-core'
import pg from 'pg'
import type { TenantTransaction } from '../connection.ts'
import * as schema from '../schema/index.ts'
import { addOwner, addTenant } from './add-tenant.ts'
import type { NewTenant } from './new-tenant.ts'

export interface AddedTenant {
  id: string
  /** Of the owner; undefined when the person was known already and keeps the old one. */
  password: string | undefined
}

/**
 * Makes a tenant with its first person, whole or not at all.
 *
 * @param hashPassword better-auth's hash
 * @throws Error that names the slug, host or form that somebody has already
 */
export async function makeTenant(
  ownerUrl: string,
  tenant: NewTenant,
  hashPassword: (password: string) => Promise<string>,
): Promise<AddedTenant> {
  const id = randomUUID()
  const password = randomBytes(15).toString('base64url')
  const passwordHash = await hashPassword(password)
  const isNew = await asOwner(ownerUrl, async (tx) => {
    await addTenant(tx, { ...tenant, id })
    return (await addOwner(tx, id, { ...tenant.owner, passwordHash })).isNew
  })
  return { id, password: isNew ? password : undefined }
}

/** Lets a tenant's site answer for a host of its own. @throws Error for a host that is none, or somebody's already */
export async function addCustomDomain(ownerUrl: string, slug: string, given: string): Promise<void> {
  const host = publicHostName.safeParse(given)
  if (!host.success) throw new Error(`"${given}" is not ${host.error.issues[0]?.message}`)
  await asOwner(ownerUrl, async (tx) => {
    const [label] = await tx
      .select({ tenantId: schema.domains.tenantId })
      .from(schema.domains)
      .where(and(eq(schema.domains.kind, 'subdomain'), eq(schema.domains.host, slug)))
    if (!label) throw new Error(`There is no tenant "${slug}".`)
    await tx.insert(schema.domains).values({ kind: 'custom', host: host.data, tenantId: label.tenantId })
  })
}

/** Takes a host away from its tenant. @returns whether it was there */
export async function removeCustomDomain(ownerUrl: string, slug: string, host: string): Promise<boolean> {
  const labels = alias(schema.domains, 'labels')
  const removed = await asOwner(ownerUrl, (tx) => {
    const tenantId = tx
      .select({ tenantId: labels.tenantId })
      .from(labels)
      .where(and(eq(labels.kind, 'subdomain'), eq(labels.host, slug)))
    return tx
      .delete(schema.domains)
      .where(
        and(
          eq(schema.domains.kind, 'custom'),
          eq(schema.domains.host, host),
          inArray(schema.domains.tenantId, tenantId),
        ),
      )
      .returning({ host: schema.domains.host })
  })
  return removed.length > 0
}

async function asOwner<T>(ownerUrl: string, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      'SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)',
    )
    if (rowCount === 0)
      throw new Error('DATABASE_OWNER_URL is a role that row-level security binds: give it BYPASSRLS.')
    return await drizzle(client, { schema, casing: 'snake_case' }).transaction(work)
  } catch (error) {
    throw explained(error)
  } finally {
    await client.end()
  }
}

const UNIQUE_VIOLATION = '23505'

/** Postgres says in its detail which value somebody has already. */
function explained(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, detail } = cause as { code?: unknown; detail?: unknown }
    if (code === UNIQUE_VIOLATION) return new Error(String(detail), { cause: error })
  }
  return error
}
