import type { Operation } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import type { TestTenant } from '@landfall/database/testing'
import { eq, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  GOOD_VALUES as goodValues,
  type IngestHarness,
  newVisitor,
  openIngestHarness,
  updateOf,
} from '../testing/ingest-harness.ts'

let stack: IngestHarness
let acme: TestTenant
let lumen: TestTenant
let visitor: Principal & { kind: 'visitor' }

beforeAll(async () => {
  stack = await openIngestHarness(inject('postgresUrl'))
  acme = stack.acme
  lumen = stack.lumen
})

afterAll(() => stack?.close())

beforeEach(async () => {
  visitor = newVisitor(acme)
  await stack.empty()
})

const insertOperation = (changes: Partial<Operation> = {}, payload: Record<string, unknown> = {}) =>
  stack.insert(changes, payload)

const updateOperation = (entityId: string, payload: Record<string, unknown>, changes: Partial<Operation> = {}) =>
  updateOf({ entityId }, payload, { baseVersion: 1, ...changes })

const send = (operations: unknown[], principal: Principal = visitor) => stack.send(operations, { principal })
const allLeads = () => stack.leads()
const member = (): Principal => ({ kind: 'member', tenantId: acme.id, userId: 'user-1', role: 'member' })

describe('a lead', () => {
  test('is stored once with its receipt, its history and its ledger row, under one transaction id', async () => {
    const operation = insertOperation()
    const [result] = await send([operation])
    expect(result).toMatchObject({ opId: operation.opId, outcome: 'applied', version: 1 })
    const [lead] = await allLeads()
    expect(lead).toMatchObject({
      tenantId: acme.id,
      id: operation.entityId,
      clientId: visitor.clientId,
      values: goodValues,
      status: 'new',
      writeId: operation.opId,
      capturedAt: new Date(operation.capturedAt),
    })
    for (const table of ['lead_receipts', 'lead_events', 'sync_operations']) {
      const { rows } = await stack.owner.execute(sql`SELECT 1 FROM ${sql.identifier(table)}`)
      expect(rows, table).toHaveLength(1)
    }
    // The ledger row is written outside the savepoints, so its xmin is the transaction that replication announces.
    const { rows } = await stack.owner.execute<{ txid: string }>(sql`SELECT xmin::text AS txid FROM sync_operations`)
    expect(result).toMatchObject({ txid: Number(rows[0]?.txid) })
  })

  test('whose answer was lost is answered as a duplicate with the first effect', async () => {
    const operation = insertOperation()
    const [first] = await send([operation])
    const [second] = await send([operation])
    expect(second).toEqual({ ...first, outcome: 'duplicate' })
    expect(await allLeads()).toHaveLength(1)
  })

  test('delivered by two drainers at once is stored once, and both are answered', async () => {
    const operations = Array.from({ length: 20 }, () => insertOperation())
    const [one, two] = await Promise.all([send(operations), send([...operations].reverse())])
    expect(await allLeads()).toHaveLength(20)
    for (const operation of operations) {
      const outcomes = [...(one ?? []), ...(two ?? [])].filter((result) => result.opId === operation.opId)
      expect(outcomes.map((result) => result.outcome).sort()).toEqual(['applied', 'duplicate'])
    }
  })

  test('keeps both clocks', async () => {
    await send([insertOperation({ capturedAt: '1970-01-01T00:00:00.000Z' })])
    const [lead] = await allLeads()
    expect(lead?.capturedAt.getUTCFullYear()).toBe(2000)
    expect(Math.abs(Date.now() - (lead?.receivedAt.getTime() ?? 0))).toBeLessThan(60_000)
  })

  test('with the decoy filled in is kept apart and answered like any other', async () => {
    const [result] = await send([insertOperation({}, { decoy: 'http://spam.test' })])
    expect(result).toMatchObject({ outcome: 'applied' })
    expect(await allLeads()).toMatchObject([{ status: 'spam' }])
    const receipts = await stack.owner.select().from(schema.leadReceipts)
    expect(receipts).toMatchObject([{ status: 'received' }])
  })
})

describe('what a device may not do', () => {
  test('the same id with another payload is rejected, and the first stays', async () => {
    const operation = insertOperation()
    await send([operation])
    const [result] = await send([
      { ...operation, payload: { ...operation.payload, values: { ...goodValues, name: 'Eve' } } },
    ])
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'id_already_used' })
    expect(await allLeads()).toMatchObject([{ values: goodValues }])
  })

  test('a replayed operation of another device does not tell what became of it', async () => {
    const operation = insertOperation()
    await send([operation])
    const [result] = await send([operation], { ...visitor, clientId: uuidv7() })
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'id_already_used' })
  })

  test("another tenant's form, operation or lead does not exist", async () => {
    const operation = insertOperation()
    await send([operation])
    const elsewhere: Principal = { kind: 'visitor', tenantId: lumen.id, clientId: visitor.clientId }
    expect(await send([operation], elsewhere)).toMatchObject([{ outcome: 'rejected', reason: 'unknown_form' }])
    const outsider: Principal = { kind: 'member', tenantId: lumen.id, userId: 'user-2', role: 'member' }
    const [update] = await send([updateOperation(operation.entityId, { status: 'won' })], outsider)
    expect(update).toMatchObject({ outcome: 'rejected', reason: 'not_found' })
    expect(await allLeads()).toMatchObject([{ tenantId: acme.id, status: 'new', version: 1 }])
  })

  test("a known lead id of another tenant is free to use, and leaves that tenant's lead as it was", async () => {
    const operation = insertOperation()
    await send([operation])
    const same = insertOperation({ entityId: operation.entityId }, { formId: lumen.form.formId })
    const [result] = await send([same], { kind: 'visitor', tenantId: lumen.id, clientId: uuidv7() })
    expect(result).toMatchObject({ outcome: 'applied' })
    const leads = await allLeads()
    expect(leads.map((lead) => lead.tenantId).sort()).toEqual([acme.id, lumen.id].sort())
  })

  test('a second insert of a lead by another operation is rejected', async () => {
    const operation = insertOperation()
    await send([operation])
    const again = insertOperation({ entityId: operation.entityId })
    expect(await send([again])).toMatchObject([{ outcome: 'rejected', reason: 'id_already_used' }])
  })

  test.each(['tenantId', 'status', 'owner', 'score', 'receivedAt'])(
    'the field %s is not for a client to set',
    async (field) => {
      const [result] = await send([insertOperation({}, { [field]: 'x' })])
      expect(result).toMatchObject({ outcome: 'rejected', reason: 'field_not_allowed' })
      expect(await allLeads()).toEqual([])
    },
  )

  test('a visitor does not edit leads, and a member does not send any', async () => {
    const operation = insertOperation()
    await send([operation])
    const [byVisitor] = await send([updateOperation(operation.entityId, { status: 'won' })])
    expect(byVisitor).toMatchObject({ outcome: 'rejected', reason: 'field_not_allowed' })
    expect(await send([insertOperation()], member())).toMatchObject([{ outcome: 'rejected', reason: 'not_allowed' }])
  })

  test.each([
    [{ entity: 'invoice' }, 'unknown_entity'],
    [{ action: 'delete' as const }, 'field_not_allowed'],
    [{ formVersion: 99 }, 'unknown_form_version'],
    [{ formVersion: undefined }, 'malformed'],
  ])('%j is rejected as %s', async (changes, reason) => {
    expect(await send([insertOperation(changes)])).toMatchObject([{ outcome: 'rejected', reason }])
  })

  test('values that the form does not take are rejected with the field and the reason', async () => {
    const [result] = await send([insertOperation({}, { values: { ...goodValues, email: 'nobody' } })])
    expect(result).toMatchObject({ outcome: 'rejected', reason: 'invalid_values', fields: { email: 'not_an_email' } })
  })
})

describe('a batch', () => {
  test('loses only its poisoned operations, and answers in the order sent', async () => {
    const operations = Array.from({ length: 50 }, () => insertOperation())
    const poisoned = insertOperation({}, { values: {} })
    const results = await send([...operations.slice(0, 25), poisoned, null, { opId: 'x' }, ...operations.slice(25)])
    expect(results.map((result) => result.outcome)).toEqual([
      ...Array(25).fill('applied'),
      'rejected',
      'rejected',
      'rejected',
      ...Array(25).fill('applied'),
    ])
    expect(results[26]).toMatchObject({ opId: '', reason: 'malformed' })
    expect(await allLeads()).toHaveLength(50)
  })

  test('with an id twice applies the first and rejects nothing of it', async () => {
    const operation = insertOperation()
    const other = { ...operation, entityId: uuidv7() }
    const results = await send([operation, other])
    expect(results).toMatchObject([{ outcome: 'applied' }, { outcome: 'rejected', reason: 'id_already_used' }])
  })

  test('lets a group stand or fall together', async () => {
    const groupId = uuidv7()
    const good = insertOperation({ groupId })
    const bad = insertOperation({ groupId }, { values: {} })
    const alone = insertOperation()
    expect(await send([good, alone, bad])).toMatchObject([
      { outcome: 'rejected', reason: 'group_failed' },
      { outcome: 'applied' },
      { outcome: 'rejected', reason: 'invalid_values' },
    ])
    expect(await allLeads()).toMatchObject([{ id: alone.entityId }])
  })

  test('answers retry for what the server cannot do, leaves no trace of it, and applies it the next time', async () => {
    const operation = insertOperation()
    const fine = insertOperation({}, { values: { ...goodValues, name: 'Fine' } })
    await stack.owner.execute(sql`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.values->>'name' = 'Ada' THEN RAISE EXCEPTION SQLSTATE 'XX000'; END IF; RETURN NEW; END $$`)
    await stack.owner.execute(sql`CREATE TRIGGER refuse BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION refuse()`)
    try {
      expect(await send([operation, fine])).toMatchObject([{ outcome: 'retry' }, { outcome: 'applied' }])
    } finally {
      await stack.owner.execute(sql`DROP FUNCTION refuse CASCADE`)
    }
    expect(await send([operation, fine])).toMatchObject([{ outcome: 'applied' }, { outcome: 'duplicate' }])
  })

  test('loses only the operation whose handler itself fails', async () => {
    const broken = { ...acme.form, version: 2, fields: [{ type: 'hologram', name: 'x', label: 'x' }] }
    await stack.owner
      .insert(schema.formVersions)
      .values({ tenantId: acme.id, formId: acme.form.formId, version: 2, definition: broken as never })
    try {
      const results = await send([insertOperation({ formVersion: 2 }), insertOperation()])
      expect(results).toMatchObject([{ outcome: 'retry' }, { outcome: 'applied' }])
    } finally {
      await stack.owner.delete(schema.formVersions).where(eq(schema.formVersions.version, 2))
    }
  })

  test('that dies as a whole commits nothing and can be sent again', async () => {
    const operation = insertOperation()
    await stack.owner.execute(sql`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$`)
    await stack.owner.execute(sql`CREATE TRIGGER die BEFORE INSERT ON lead_events FOR EACH ROW EXECUTE FUNCTION die()`)
    try {
      await expect(send([insertOperation(), operation])).rejects.toThrow()
    } finally {
      await stack.owner.execute(sql`DROP FUNCTION die CASCADE`)
    }
    expect(await stack.owner.select().from(schema.syncOperations)).toEqual([])
    expect(await send([operation])).toMatchObject([{ outcome: 'applied' }])
  })
})

describe("a member's change of status", () => {
  test('raises the version, writes the history and tells the visitor what it may know', async () => {
    const operation = insertOperation()
    await send([operation])
    const edit = updateOperation(operation.entityId, { status: 'contacted' })
    expect(await send([edit], member())).toMatchObject([{ outcome: 'applied', version: 2 }])
    expect(await allLeads()).toMatchObject([{ status: 'contacted', version: 2, writeId: edit.opId }])
    expect(await stack.owner.select().from(schema.leadReceipts)).toMatchObject([{ status: 'contacted', version: 2 }])
    const events = await stack.owner.select().from(schema.leadEvents).where(eq(schema.leadEvents.kind, 'changed'))
    expect(events).toMatchObject([
      { actorId: 'user-1', data: { fields: { status: { from: 'new', to: 'contacted' } } } },
    ])
  })

  test.each([
    ['won', 'closed'],
    ['lost', 'closed'],
    ['spam', 'received'],
  ])('to %s shows the visitor only %s', async (status, shown) => {
    const operation = insertOperation()
    await send([operation])
    await send([updateOperation(operation.entityId, { status })], member())
    expect(await stack.owner.select().from(schema.leadReceipts)).toMatchObject([{ status: shown }])
  })

  test.each([
    [{}, {}, 'malformed'],
    [{ status: 'archived' }, {}, 'malformed'],
    [{ status: 'won', clientId: 'x' }, {}, 'field_not_allowed'],
    [{ status: 'won' }, { baseVersion: undefined }, 'malformed'],
  ])('that reads %j with %j is rejected as %s', async (payload, changes, reason) => {
    const operation = insertOperation()
    await send([operation])
    expect(await send([updateOperation(operation.entityId, payload, changes)], member())).toMatchObject([
      { outcome: 'rejected', reason },
    ])
  })
})
