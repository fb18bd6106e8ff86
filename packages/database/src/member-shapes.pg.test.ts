import { randomUUID } from 'node:crypto'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import * as schema from './schema/index.ts'
import { openTestStack, type TestStack, type TestTenant } from './testing/index.ts'

let database: TestDatabase
let stack: TestStack
let acme: TestTenant

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
  acme = await stack.addTenant('acme')
})

afterAll(async () => {
  await stack?.close()
  await database?.drop()
})

test('a membership carries the name of its person, as sign-in writes and changes it', async () => {
  const userId = randomUUID()
  await stack.auth.insert(schema.users).values({ id: userId, name: 'Sam', email: `${userId}@acme.test` })
  await stack.auth.insert(schema.members).values({ id: randomUUID(), organizationId: acme.id, userId })
  const nameOf = async () => {
    const [row] = await stack.auth.select().from(schema.members).where(eq(schema.members.userId, userId))
    return row?.displayName
  }
  expect(await nameOf()).toBe('Sam')
  await stack.auth.update(schema.users).set({ name: 'Sam Colleague' }).where(eq(schema.users.id, userId))
  expect(await nameOf()).toBe('Sam Colleague')
  // The copy follows the person and nobody else.
  await stack.auth.update(schema.members).set({ displayName: 'Somebody else' }).where(eq(schema.members.userId, userId))
  expect(await nameOf()).toBe('Sam Colleague')
})

test('the app does not reach memberships', async () => {
  await expect(stack.app.execute(sql`SELECT FROM members`)).rejects.toMatchObject({ cause: { code: '42501' } })
})

test('the history names members, and no device', async () => {
  const leadId = randomUUID()
  await stack.owner.insert(schema.leads).values({
    tenantId: acme.id,
    id: leadId,
    formId: acme.form.formId,
    formVersion: 1,
    clientId: randomUUID(),
    values: {},
    capturedAt: new Date(),
  })
  const line = (actorKind: 'visitor' | 'member', actorId: string) => ({
    tenantId: acme.id,
    leadId,
    kind: 'changed' as const,
    actorKind,
    actorId,
    opId: randomUUID(),
    capturedAt: new Date(),
  })
  await stack.owner.insert(schema.leadEvents).values([line('visitor', randomUUID()), line('member', 'user-1')])
  const rows = await stack.owner.select().from(schema.leadEvents).where(eq(schema.leadEvents.leadId, leadId))
  expect(rows.map(({ actorKind, memberId }) => [actorKind, memberId]).sort()).toEqual([
    ['member', 'user-1'],
    ['visitor', null],
  ])
})

test('tables of shapes give their old rows whole', async () => {
  const { rows } = await stack.owner.execute(sql`
    SELECT relname FROM pg_class WHERE relreplident = 'f' AND relnamespace = 'public'::regnamespace ORDER BY relname`)
  expect(rows.map((row) => row.relname)).toEqual([
    'form_versions',
    'forms',
    'lead_events',
    'lead_receipts',
    'leads',
    'members',
    'notes',
    'sync_probe',
  ])
})
