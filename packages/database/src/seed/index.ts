import { randomUUID } from 'node:crypto'
import { formDefinition, RECEIPT_STATUS_OF, siteContent } from '@landfall/contract'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import type { TenantTransaction } from '../connection.ts'
import { consentsOf } from '../lead-consents.ts'
import * as schema from '../schema/index.ts'
import { addOwner, addTenant } from '../tenant-admin/add-tenant.ts'
import { demoLeads } from './demo-leads.ts'
import { type DemoTenant, demoTenants } from './demo-tenants/index.ts'

export { type DemoTenant, demoTenants } from './demo-tenants/index.ts'

export interface SeedOptions {
  /** better-auth's hash of a password; the demo's people sign in with the plain one. */
  hashPassword: (password: string) => Promise<string>
  /** Leave the tenants without leads. */
  isEmpty?: boolean
}

/** Puts the demo tenants into a database that has none of them yet; what is there stays as it is. */
export async function seedDemo(ownerUrl: string, options: SeedOptions): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const database = drizzle(client, { schema, casing: 'snake_case' })
    for (const tenant of demoTenants) {
      await database.transaction(async (tx) => {
        // The tables bind their owner too, unless it is a superuser.
        await tx.execute(sql`SELECT set_config(${schema.TENANT_SETTING}, ${tenant.id}, true)`)
        if (!(await addDemoTenant(tx, tenant))) return
        const { name, email, password } = tenant.admin
        const passwordHash = await options.hashPassword(password)
        const { userId } = await addOwner(tx, tenant.id, { name, email, passwordHash })
        if (!options.isEmpty) await addLeads(tx, tenant, userId)
      })
    }
  } finally {
    await client.end()
  }
}

/** False when the tenant is there already. */
async function addDemoTenant(tx: TenantTransaction, tenant: DemoTenant): Promise<boolean> {
  const known = await tx.select({ id: schema.tenants.id }).from(schema.tenants).where(eq(schema.tenants.id, tenant.id))
  if (known.length > 0) return false
  const forms = tenant.forms.map((form) => formDefinition.parse(form))
  await addTenant(tx, { ...tenant, site: siteContent.parse(tenant.site), forms })
  return true
}

async function addLeads(tx: TenantTransaction, tenant: DemoTenant, ownerId: string): Promise<void> {
  const form = formDefinition.parse(tenant.forms[0])
  for (const lead of demoLeads[tenant.slug] ?? []) {
    const id = uuidv7()
    const clientId = randomUUID()
    const receivedAt = minutesAgo(lead.receivedMinutesAgo)
    const capturedAt = minutesAgo(lead.receivedMinutesAgo + lead.offlineMinutes)
    await tx.insert(schema.leads).values({
      tenantId: tenant.id,
      id,
      formId: form.formId,
      formVersion: form.version,
      clientId,
      values: lead.values,
      attribution: {},
      status: lead.status,
      spamReasons: lead.spamReasons ?? [],
      consents: consentsOf(form, lead.values, capturedAt),
      capturedAt,
      receivedAt,
      updatedAt: receivedAt,
      capturedOffline: lead.offlineMinutes > 0,
    })
    await tx.insert(schema.leadReceipts).values({
      tenantId: tenant.id,
      leadId: id,
      clientId,
      status: RECEIPT_STATUS_OF[lead.status],
      formTitle: form.title,
      capturedAt,
      receivedAt,
      statusChangedAt: receivedAt,
    })
    for (const { body, writtenMinutesAgo } of lead.notes ?? []) {
      const createdAt = minutesAgo(writtenMinutesAgo)
      await tx.insert(schema.notes).values({
        tenantId: tenant.id,
        id: uuidv7(),
        leadId: id,
        authorId: ownerId,
        body,
        createdAt,
        updatedAt: createdAt,
        deviceId: randomUUID(),
      })
    }
  }
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
