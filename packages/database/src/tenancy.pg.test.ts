import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { withTenant } from './connection.ts'
import { isDeviceProven, proveOrRegisterDevice } from './device-registry.ts'
import { migrate } from './migrate.ts'
import * as schema from './schema/index.ts'
import { readTenantSite } from './site-queries.ts'
import { tenantOfHost } from './tenant-of-host.ts'
import { openTestStack, type TestStack, type TestTenant } from './testing/index.ts'

let database: TestDatabase
let stack: TestStack
let acme: TestTenant
let lumen: TestTenant

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
  acme = await stack.addTenant('acme')
  lumen = await stack.addTenant('lumen')
  for (const tenant of [acme, lumen]) {
    await stack.owner.insert(schema.leads).values(leadOf(tenant))
  }
})

afterAll(async () => {
  await stack?.close()
  await database?.drop()
})

function leadOf(tenant: TestTenant) {
  return {
    tenantId: tenant.id,
    id: randomUUID(),
    formId: tenant.form.formId,
    formVersion: 1,
    clientId: randomUUID(),
    values: { name: `somebody of ${tenant.slug}` },
    capturedAt: new Date(),
  }
}

test('migrating twice changes nothing', async () => {
  await expect(migrate(database.url)).resolves.toBeUndefined()
})

describe('row-level security', () => {
  test('shows no row of any tenant table when no tenant is set', async () => {
    const tables = [
      'tenants',
      'forms',
      'form_versions',
      'leads',
      'lead_receipts',
      'lead_events',
      'notes',
      'sync_operations',
      'devices',
    ]
    for (const table of tables) {
      const { rows } = await stack.app.execute(sql`SELECT * FROM ${sql.identifier(table)}`)
      expect(rows, table).toEqual([])
    }
  })

  test('stands on every table that has a tenant, also for the owner', async () => {
    const { rows } = await stack.owner.execute(sql`
      SELECT c.relname FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`)
    expect(rows).toEqual([])
  })

  test('shows the rows of the tenant that is set, and only those', async () => {
    const rows = await withTenant(stack.app, acme.id, (tx) => tx.select().from(schema.leads))
    expect(rows.map((row) => row.values)).toEqual([{ name: 'somebody of acme' }])
  })

  test('refuses to write a row of another tenant', async () => {
    const attempt = withTenant(stack.app, acme.id, (tx) => tx.insert(schema.leads).values(leadOf(lumen)))
    await expect(attempt).rejects.toMatchObject({ cause: { code: '42501' } })
  })

  test('changes nothing of another tenant', async () => {
    const changed = await withTenant(stack.app, acme.id, (tx) =>
      tx.update(schema.leads).set({ status: 'spam' }).where(sql`tenant_id = ${lumen.id}`).returning(),
    )
    expect(changed).toEqual([])
  })

  test('lets the app take values out of the history of a lead, and rewrite nothing else of it', async () => {
    const withinAcme = (statement: string) =>
      withTenant(stack.app, acme.id, (tx) => tx.execute(sql.raw(`UPDATE lead_events SET ${statement}`)))
    await expect(withinAcme(`data = '{}'`)).resolves.toBeDefined()
    for (const column of [`kind = 'created'`, `actor_id = 'x'`, `op_id = uuidv7()`, `captured_at = now()`]) {
      await expect(withinAcme(column), column).rejects.toMatchObject({ cause: { code: '42501' } })
    }
    const gone = withTenant(stack.app, acme.id, (tx) => tx.delete(schema.leadEvents))
    await expect(gone).rejects.toMatchObject({ cause: { code: '42501' } })
  })

  test('forgets the tenant when the transaction ends', async () => {
    await withTenant(stack.app, acme.id, async () => {})
    const { rows } = await stack.app.execute(sql`SELECT * FROM leads`)
    expect(rows).toEqual([])
  })

  test('keeps people from the app, and leads from sign-in', async () => {
    await expect(stack.app.execute(sql`SELECT * FROM accounts`)).rejects.toMatchObject({ cause: { code: '42501' } })
    await expect(stack.auth.execute(sql`SELECT * FROM leads`)).rejects.toMatchObject({ cause: { code: '42501' } })
  })
})

describe('the tenant of a host', () => {
  test('is found by its label below the root domain and by its own domain', async () => {
    await stack.owner.insert(schema.domains).values({ kind: 'custom', host: 'www.acme.test', tenantId: acme.id })
    expect(await tenantOfHost(stack.app, 'acme.localhost', 'localhost')).toBe(acme.id)
    expect(await tenantOfHost(stack.app, 'www.acme.test', 'localhost')).toBe(acme.id)
  })

  test.each(['nobody.localhost', 'acme.test', 'acme', 'localhost', '', 'acme.evil.test', 'x.acme.localhost'])(
    'is nobody for %j',
    async (host) => {
      expect(await tenantOfHost(stack.app, host, 'localhost')).toBeUndefined()
    },
  )

  test('has its site with the current version of its forms', async () => {
    const site = await readTenantSite(stack.app, acme.id)
    expect(site).toMatchObject({ slug: 'acme', forms: [acme.form] })
    expect(await readTenantSite(stack.app, randomUUID())).toBeUndefined()
  })
})

describe('a device', () => {
  const device = { clientId: randomUUID(), key: 'a'.repeat(43) }

  test('is believed with the key it first came with, and with no other', async () => {
    expect(await isDeviceProven(stack.app, acme.id, device)).toBe(false)
    expect(await proveOrRegisterDevice(stack.app, acme.id, device)).toBe(true)
    expect(await proveOrRegisterDevice(stack.app, acme.id, { ...device, key: 'b'.repeat(43) })).toBe(false)
    expect(await proveOrRegisterDevice(stack.app, acme.id, device)).toBe(true)
    expect(await isDeviceProven(stack.app, acme.id, device)).toBe(true)
  })

  test('that comes with two keys at the same moment is believed with one of them', async () => {
    const clientId = randomUUID()
    const keys = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(43))
    const prove = (key: string) => proveOrRegisterDevice(stack.app, acme.id, { clientId, key })
    const proven = await Promise.all(keys.map(prove))
    expect(proven.filter(Boolean)).toHaveLength(1)
    expect(await Promise.all(keys.map(prove)), 'and with the same one from then on').toEqual(proven)
  })

  test('of one tenant is unknown to another', async () => {
    expect(await isDeviceProven(stack.app, lumen.id, device)).toBe(false)
  })
})
