import { randomUUID } from 'node:crypto'
import type { FormDefinition, SiteContent } from '@landfall/contract'
import { eq } from 'drizzle-orm'
import type { TenantTransaction } from '../connection.ts'
import * as schema from '../schema/index.ts'

export interface TenantToAdd {
  id: string
  slug: string
  name: string
  customDomains: readonly string[]
  site: SiteContent
  /** The first one stands on the site. */
  forms: readonly FormDefinition[]
}

/** Writes a tenant with its hosts and forms. The transaction must be the tenant's own. */
export async function addTenant(tx: TenantTransaction, tenant: TenantToAdd): Promise<void> {
  const { id: tenantId, slug, name, site } = tenant
  await tx.insert(schema.tenants).values({ id: tenantId, slug, name, site })
  await tx
    .insert(schema.domains)
    .values([
      { kind: 'subdomain' as const, host: slug, tenantId },
      ...tenant.customDomains.map((host) => ({ kind: 'custom' as const, host, tenantId })),
    ])
  for (const [position, definition] of tenant.forms.entries()) {
    const { formId, version, title } = definition
    await tx.insert(schema.forms).values({ id: formId, tenantId, title, currentVersion: version, position })
    await tx.insert(schema.formVersions).values({ tenantId, formId, version, definition })
  }
}

export interface OwnerToAdd {
  name: string
  email: string
  /** better-auth's hash; of somebody who is known already it is not looked at. */
  passwordHash: string
}

export interface AddedOwner {
  userId: string
  /** Whether the person is new, and has this password. */
  isNew: boolean
}

/** Makes somebody the owner of a tenant. */
export async function addOwner(tx: TenantTransaction, tenantId: string, owner: OwnerToAdd): Promise<AddedOwner> {
  const { name, email } = owner
  const [known] = await tx.select({ id: schema.users.id }).from(schema.users).where(eq(schema.users.email, email))
  const userId = known?.id ?? randomUUID()
  if (!known) {
    await tx.insert(schema.users).values({ id: userId, name, email, emailVerified: true })
    await tx.insert(schema.accounts).values({
      id: randomUUID(),
      accountId: userId,
      providerId: 'credential',
      userId,
      password: owner.passwordHash,
    })
  }
  await tx.insert(schema.members).values({ id: randomUUID(), organizationId: tenantId, userId, role: 'owner' })
  return { userId, isNew: known === undefined }
}
