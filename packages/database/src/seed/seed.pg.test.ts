import { checkLeadValues, formDefinition, noteBody, uuidV7 } from '@landfall/contract'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readTenantSite } from '../site-queries.ts'
import { tenantOfHost } from '../tenant-of-host.ts'
import { openTestStack, type TestStack } from '../testing/index.ts'
import { demoLeads } from './demo-leads.ts'
import { demoTenants, seedDemo } from './index.ts'

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

test('a second seed makes nothing twice', async () => {
  const seed = () => seedDemo(database.url, { hashPassword: async (password) => `hash of ${password}` })
  await seed()
  const before = await stack.owner.query.leads.findMany()
  await seed()
  expect(await stack.owner.query.leads.findMany()).toEqual(before)
  expect(before.length).toBeGreaterThan(0)
  expect(await stack.owner.query.users.findMany()).toHaveLength(demoTenants.length)
})

test('every demo tenant answers for its hosts with its site and its form', async () => {
  for (const tenant of demoTenants) {
    for (const host of [`${tenant.slug}.localhost`, ...tenant.customDomains]) {
      expect(await tenantOfHost(stack.app, host, 'localhost')).toBe(tenant.id)
    }
    const site = await readTenantSite(stack.app, tenant.id)
    expect(site?.forms.map((form) => form.formId)).toEqual(tenant.forms.map((form) => form.formId))
  }
})

test('every demo lead could have been sent by the form of its tenant', () => {
  for (const tenant of demoTenants) {
    const form = formDefinition.parse(tenant.forms[0])
    for (const lead of demoLeads[tenant.slug] ?? []) {
      expect(checkLeadValues(form, lead.values)).toEqual({ success: true, values: lead.values })
    }
  }
})

test('every demo tenant that has a lead set apart says why, and every lead says what was agreed to', async () => {
  const leads = await stack.owner.query.leads.findMany()
  const spam = leads.filter((lead) => lead.status === 'spam')
  expect(spam.length).toBeGreaterThan(0)
  for (const lead of spam) expect(lead.spamReasons.length).toBeGreaterThan(0)
  for (const lead of leads) expect(lead.consents).toMatchObject([{ field: 'privacy', formVersion: 1 }])
})

test('what is seeded can be changed: its ids are those that devices make', async () => {
  const [leads, notes] = [await stack.owner.query.leads.findMany(), await stack.owner.query.notes.findMany()]
  expect(notes.length).toBeGreaterThan(0)
  for (const { id } of [...leads, ...notes]) expect(uuidV7.safeParse(id).success, id).toBe(true)
  for (const { body } of notes) expect(noteBody.parse(body)).toBe(body)
})
