import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { membershipsOf } from '../memberships.ts'
import { demoTenants } from '../seed/index.ts'
import { readTenantSite } from '../site-queries.ts'
import { tenantOfHost } from '../tenant-of-host.ts'
import { openTestStack, type TestStack } from '../testing/index.ts'
import { parseNewTenant } from './new-tenant.ts'
import { addCustomDomain, makeTenant, removeCustomDomain } from './tenant-admin.ts'

const hashPassword = async (password: string) => `hash of ${password}`
const ROOT = 'sites.example'
let database: TestDatabase
let stack: TestStack

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
})

afterAll(async () => {
  await stack?.close()
  await database?.drop()
})

/** The demo's roofer as an operator would write it down, with the changes. */
function written(changes: Record<string, unknown> = {}): string {
  const [demo] = demoTenants
  const { id: _, admin: __, customDomains: ___, ...tenant } = structuredClone(demo ?? expect.fail('no demo'))
  return JSON.stringify({ ...tenant, owner: { name: 'Dale', email: 'dale@roof.example' }, ...changes })
}

const formsCalled = (formId: string) => {
  const { forms } = JSON.parse(written())
  return [{ ...forms[0], formId }]
}

test('a tenant that was written down answers at its hosts, with its form and its owner', async () => {
  const tenant = parseNewTenant(written({ slug: 'roof', customDomains: ['www.roof.example'] }))
  const { id, password } = await makeTenant(database.url, tenant, hashPassword)
  for (const host of [`roof.${ROOT}`, 'www.roof.example']) expect(await tenantOfHost(stack.app, host, ROOT)).toBe(id)
  expect((await readTenantSite(stack.app, id))?.forms.map(({ formId }) => formId)).toEqual([tenant.forms[0]?.formId])
  const [owner] = await stack.owner.query.users.findMany()
  expect(owner?.email).toBe('dale@roof.example')
  expect(await membershipsOf(stack.auth, owner?.id ?? '')).toMatchObject([{ slug: 'roof' }])
  const [account] = await stack.owner.query.accounts.findMany()
  expect(account?.password).toBe(`hash of ${password}`)
  expect(password?.length).toBeGreaterThanOrEqual(20)
})

test('a person who has a password keeps it, and gets the next tenant too', async () => {
  const tenant = parseNewTenant(written({ slug: 'second', forms: formsCalled('f_second00001') }))
  expect((await makeTenant(database.url, tenant, hashPassword)).password).toBeUndefined()
  expect(await stack.owner.query.accounts.findMany()).toHaveLength(1)
})

test.each([
  ['label', { slug: 'roof', forms: formsCalled('f_third000001') }, 'roof'],
  ['form', { slug: 'third' }, 'f_acmeroof01'],
  [
    'host',
    { slug: 'third', forms: formsCalled('f_third000001'), customDomains: ['www.roof.example'] },
    'www.roof.example',
  ],
])('a %s that somebody has already is named, and nothing of the tenant stays', async (_, changes, name) => {
  const before = await stack.owner.query.domains.findMany()
  await expect(makeTenant(database.url, parseNewTenant(written(changes)), hashPassword)).rejects.toThrow(name)
  expect(await stack.owner.query.domains.findMany()).toEqual(before)
})

test('a host comes to a tenant, belongs to nobody else, and goes again', async () => {
  await addCustomDomain(database.url, 'second', 'shop.second.example')
  expect(await tenantOfHost(stack.app, 'shop.second.example', ROOT)).toBeDefined()
  await expect(addCustomDomain(database.url, 'roof', 'shop.second.example')).rejects.toThrow('already exists')
  expect(await removeCustomDomain(database.url, 'roof', 'shop.second.example')).toBe(false)
  expect(await removeCustomDomain(database.url, 'second', 'shop.second.example')).toBe(true)
  expect(await tenantOfHost(stack.app, 'shop.second.example', ROOT)).toBeUndefined()
  await expect(addCustomDomain(database.url, 'nobody', 'a.example')).rejects.toThrow('no tenant "nobody"')
})

test.each(['Shop.Example', 'shop.example.', '192.0.2.1', 'shop.example:443', 'münchen.de'])(
  '%s is no host for a tenant',
  async (host) => {
    await expect(addCustomDomain(database.url, 'roof', host)).rejects.toThrow('not a host name')
  },
)

test('what is wrong with a tenant is said with its place, all at once', () => {
  const parse = () => parseNewTenant(written({ slug: 'app', owner: { name: 'Dale', email: 'dale' }, sites: 1 }))
  expect(parse).toThrow(/slug: .*\n.*owner\.email: .*\n.*the tenant: .*sites/s)
  expect(() => parseNewTenant('{')).toThrow('no JSON')
})

test('an owner whom row-level security binds is told so', async () => {
  const app = new URL(database.url)
  app.username = 'landfall_app'
  app.password = 'app-of-the-tests'
  await expect(addCustomDomain(app.href, 'roof', 'b.example')).rejects.toThrow('give it BYPASSRLS')
})
