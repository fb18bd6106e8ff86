import type { Operation, OperationResult } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import { type IngestHarness, newMember, newVisitor, openIngestHarness, updateOf } from '../testing/ingest-harness.ts'
import type { BatchEvent } from './events.ts'

let ingest: IngestHarness
let principal: Principal & { kind: 'visitor' }

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  deaths = []
  await ingest.empty()
  principal = newVisitor(ingest.acme)
})

const ledger = () => ingest.owner.select().from(schema.syncOperations)
let deaths: string[] = []
const onBatch = (event: BatchEvent) => void deaths.push(...event.attemptErrors)
const inserts = (count: number) => Array.from({ length: count }, () => ingest.insert())

/** By operation: how each delivery was answered, sorted. */
function outcomesOf(answers: readonly OperationResult[][], operation: Operation): string[] {
  const mine = answers.flat().filter((result) => result.opId === operation.opId)
  return mine.map((result) => result.outcome).sort()
}

describe('the ledger', () => {
  test('keeps the correlation id, the time by our clock, the actor and the answer of every operation', async () => {
    const receivedAt = new Date('2026-03-04T05:06:07.000Z')
    const batch = [ingest.insert(), ingest.insert({ entity: 'invoice' }), ingest.insert({}, { values: {} })]
    const results = await ingest.send(batch, { principal, receivedAt, requestId: 'trace-0001' })
    const rows = await ledger()
    expect(rows).toHaveLength(3)
    for (const [index, operation] of batch.entries()) {
      const row = rows.find(({ opId }) => opId === operation.opId)
      expect(row).toMatchObject({
        requestId: 'trace-0001',
        createdAt: receivedAt,
        actorKind: 'visitor',
        actorId: principal.clientId,
        entity: operation.entity,
        result: results[index],
      })
    }
  })

  test('answers a replay of a rejection with the rejection, and keeps the first correlation id', async () => {
    const operation = ingest.insert({}, { values: { ...(ingest.insert().payload.values as object), email: 'nobody' } })
    const first = await ingest.send([operation], { principal, requestId: 'trace-0001' })
    const second = await ingest.send([operation], { principal, requestId: 'trace-0002' })
    expect(second).toEqual(first)
    expect(await ledger()).toMatchObject([{ requestId: 'trace-0001' }])
  })

  test('takes a retry whose keys come in another order for the same operation', async () => {
    const operation = ingest.insert()
    await ingest.send([operation], { principal })
    const reordered = Object.fromEntries(Object.entries(operation).reverse())
    expect(await ingest.send([reordered], { principal })).toMatchObject([{ outcome: 'duplicate' }])
  })

  test('never lets the same id do two things', async () => {
    const operation = ingest.insert()
    await ingest.send([operation], { principal })
    const others = [
      { ...operation, capturedAt: '2026-01-02T03:04:06.000Z' },
      { ...operation, entityId: ingest.insert().entityId },
      { ...operation, formVersion: 2 },
      { ...operation, entity: 'invoice' },
      updateOf(operation, { values: { name: 'Eve' } }, { opId: operation.opId }),
    ]
    for (const other of others) {
      expect(await ingest.send([other], { principal })).toMatchObject([
        { outcome: 'rejected', reason: 'id_already_used' },
      ])
    }
    expect(await ingest.leads()).toMatchObject([{ version: 1, values: { name: 'Ada' } }])
  })
})

describe('deliveries at the same time', () => {
  test('of the same batch, ten times, have one effect, and each is answered in full', async () => {
    const operations = inserts(30)
    const answers = await Promise.all(Array.from({ length: 10 }, () => ingest.send(operations, { principal })))
    expect(await ingest.leads()).toHaveLength(30)
    expect(await ingest.events()).toHaveLength(30)
    for (const operation of operations) {
      expect(outcomesOf(answers, operation)).toEqual(['applied', ...Array(9).fill('duplicate')])
    }
  })

  test('of batches that overlap, in other orders, have one effect an operation', async () => {
    const all = inserts(40)
    const batches = [
      all.slice(0, 25),
      all.slice(15).reverse(),
      [...all.slice(30), ...all.slice(0, 10)],
      all.filter((_, index) => index % 2 === 0).reverse(),
      [...all].reverse(),
    ]
    const answers = await Promise.all(batches.map((batch) => ingest.send(batch, { principal, onBatch })))
    expect(await ingest.leads()).toHaveLength(40)
    for (const operation of all) {
      const outcomes = outcomesOf(answers, operation)
      expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(outcomes.length - 1)
    }
  })

  test('that claim slowly, in opposite orders, wait for one another and never in a circle', async () => {
    await ingest.owner.execute(sql`
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$`)
    await ingest.owner.execute(sql`
      CREATE TRIGGER dawdle AFTER INSERT ON sync_operations FOR EACH ROW EXECUTE FUNCTION dawdle()`)
    await ingest.owner.execute(sql`
      CREATE TRIGGER dawdle_before BEFORE INSERT ON sync_operations FOR EACH ROW EXECUTE FUNCTION dawdle()`)
    const operations = inserts(6)
    try {
      await Promise.all([
        ingest.send(operations, { principal, onBatch }),
        ingest.send([...operations].reverse(), { principal, onBatch }),
      ])
    } finally {
      await ingest.owner.execute(sql`DROP FUNCTION dawdle CASCADE`)
    }
    expect(deaths).toEqual([])
    expect(await ingest.leads()).toHaveLength(6)
  })

  test('of edits of the same leads in opposite orders settle, and lose none', async () => {
    const leads = inserts(10)
    await ingest.send(leads, { principal })
    const edits = (status: string) => leads.map((lead) => updateOf(lead, { status }, { baseVersion: 1 }))
    const answers = await Promise.all([
      ingest.send(edits('reviewing'), { principal: newMember(ingest.acme), onBatch }),
      ingest.send(edits('won').reverse(), { principal: newMember(ingest.acme), onBatch }),
    ])
    const outcomes = answers.flat().map((result) => result.outcome)
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(10)
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(10)
    for (const lead of await ingest.leads()) expect(lead.version).toBe(3)
    expect(deaths).toEqual([])
  })

  test('where the first one fails leave the operation to the second', async () => {
    await ingest.owner.execute(sql`
      CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN IF nextval('turns') = 1 THEN PERFORM pg_sleep(0.2); RAISE EXCEPTION SQLSTATE 'XX000'; END IF; RETURN NEW;
      END $$`)
    await ingest.owner.execute(sql`CREATE SEQUENCE turns`)
    await ingest.owner.execute(sql`CREATE TRIGGER once BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION once()`)
    const operation = ingest.insert()
    try {
      const answers = await Promise.all([1, 2].map(() => ingest.send([operation], { principal })))
      expect(outcomesOf(answers, operation)).toEqual(['applied', 'retry'])
    } finally {
      await ingest.owner.execute(sql`DROP FUNCTION once CASCADE`)
      await ingest.owner.execute(sql`DROP SEQUENCE turns`)
    }
    expect(await ledger()).toHaveLength(1)
    expect(await ingest.leads()).toHaveLength(1)
  })
})
