import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import type { Principal } from '../principal.ts'
import {
  GOOD_VALUES,
  type IngestHarness,
  newMember,
  newVisitor,
  openIngestHarness,
  recordStatements,
  updateOf,
} from '../testing/ingest-harness.ts'
import type { OperationEvent } from './events.ts'

let ingest: IngestHarness
let principal: Principal & { kind: 'visitor' }

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(async () => {
  await ingest.empty()
  principal = newVisitor(ingest.acme)
})
afterEach(() => ingest.owner.execute(sql`DROP FUNCTION IF EXISTS refuse CASCADE`))

/** Makes Postgres refuse every lead of this name. */
async function poison(name: string, sqlState: string): Promise<void> {
  await ingest.owner.execute(
    sql.raw(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.values->>'name' = '${name}' THEN RAISE EXCEPTION SQLSTATE '${sqlState}'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION refuse();`),
  )
}

const inserts = (count: number) => Array.from({ length: count }, () => ingest.insert())
const poisoned = () => ingest.insert({}, { values: { ...GOOD_VALUES, name: 'Poison' } })
const outcomes = (results: { outcome: string }[]) => results.map((result) => result.outcome)
const countOf = (statements: string[], start: string) =>
  statements.filter((statement) => statement.startsWith(start)).length

describe('a run of leads', () => {
  test('goes in one statement', async () => {
    const send = () => ingest.send(inserts(50), { principal })
    const statements = await recordStatements(send)
    expect(countOf(statements, 'WITH input')).toBe(1)
    expect(countOf(statements, 'SAVEPOINT')).toBe(1)
    // BEGIN with the tenant, claim; form version; savepoint, leads; COMMIT. Nothing a lead.
    expect(statements).toHaveLength(6)
    expect(await ingest.leads()).toHaveLength(50)
  })

  test.each([
    ['22021', { outcome: 'rejected', reason: 'malformed' }],
    ['XX000', { outcome: 'retry' }],
  ])('of which Postgres refuses one with %s loses that one, for a few statements more', async (sqlState, answer) => {
    await poison('Poison', sqlState)
    const operations = [...inserts(24), poisoned(), ...inserts(25)]
    let results: { outcome: string }[] = []
    const statements = await recordStatements(async () => {
      results = await ingest.send(operations, { principal })
    })
    expect(results[24]).toMatchObject(answer)
    expect(outcomes(results.toSpliced(24, 1))).toEqual(Array(49).fill('applied'))
    expect(await ingest.leads()).toHaveLength(49)
    // Two a halving, log₂ 50 halvings.
    expect(statements.filter((text) => text.includes('SAVEPOINT')).length).toBeLessThanOrEqual(1 + 2 * 6)
  })

  test('of which Postgres refuses several loses those', async () => {
    await poison('Poison', '22021')
    const operations = [poisoned(), ...inserts(20), poisoned(), poisoned(), ...inserts(7), poisoned()]
    const results = await ingest.send(operations, { principal })
    const isPoisoned = operations.map((operation) => (operation.payload.values as { name: string }).name === 'Poison')
    expect(outcomes(results)).toEqual(isPoisoned.map((is) => (is ? 'rejected' : 'applied')))
  })

  test('with an id that is taken loses that one, whether by the table or by the run', async () => {
    const stored = ingest.insert()
    await ingest.send([stored], { principal })
    const first = ingest.insert()
    const batch = [
      ingest.insert(),
      ingest.insert({ entityId: stored.entityId }),
      first,
      ingest.insert({ entityId: first.entityId }, { values: { ...GOOD_VALUES, name: 'Second' } }),
      ingest.insert(),
    ]
    const results = await ingest.send(batch, { principal })
    expect(outcomes(results)).toEqual(['applied', 'rejected', 'applied', 'rejected', 'applied'])
    expect(results[1]).toMatchObject({ reason: 'id_already_used' })
    const leads = await ingest.leads()
    expect(leads).toHaveLength(4)
    expect(leads.some((lead) => lead.values.name === 'Second')).toBe(false)
    expect(await ingest.receipts()).toHaveLength(4)
    expect(await ingest.events()).toHaveLength(4)
  })

  test('is replayed with the outcome that each had, also where it was not the usual one', async () => {
    await poison('Poison', '22021')
    const operations = [ingest.insert(), poisoned(), ingest.insert({}, { values: {} })]
    const first = await ingest.send(operations, { principal })
    const second = await ingest.send(operations, { principal })
    expect(outcomes(first)).toEqual(['applied', 'rejected', 'rejected'])
    expect(second).toEqual([{ ...first[0], outcome: 'duplicate' }, first[1], first[2]])
  })
})

describe('one batch', () => {
  test('takes a lead and the amendment of it', async () => {
    const lead = ingest.insert()
    const amendment = updateOf(lead, { values: { message: 'Two roofs' } })
    const results = await ingest.send([lead, ingest.insert(), amendment], { principal })
    expect(results).toMatchObject([{ version: 1 }, { version: 1 }, { outcome: 'applied', version: 2 }])
    const [stored] = (await ingest.leads()).filter(({ id }) => id === lead.entityId)
    expect(stored?.values).toMatchObject({ message: 'Two roofs' })
  })

  test('keeps what follows on a lead that must come again', async () => {
    await poison('Poison', 'XX000')
    const lead = poisoned()
    const amendment = updateOf(lead, { values: { name: 'Ada' } })
    const other = ingest.insert()
    expect(outcomes(await ingest.send([lead, amendment, other], { principal }))).toEqual(['retry', 'retry', 'applied'])
    await ingest.owner.execute(sql`DROP FUNCTION refuse CASCADE`)
    const again = await ingest.send([lead, amendment, other], { principal })
    expect(outcomes(again)).toEqual(['applied', 'applied', 'duplicate'])
  })

  test('of edits goes in one statement, and loses only the one that Postgres refuses', async () => {
    const leads = inserts(10)
    await ingest.send(leads, { principal })
    const member = newMember(ingest.acme)
    const edits = leads.map((lead) => updateOf(lead, { status: 'reviewing' }, { baseVersion: 1 }))
    const statements = await recordStatements(() => ingest.send(edits, { principal: member }))
    expect(countOf(statements, 'WITH input')).toBe(1)

    await poison('Poison', '22021')
    const renames = leads.map((lead, index) =>
      updateOf(lead, { values: { name: index === 4 ? 'Poison' : 'Eve' } }, { baseVersion: 2 }),
    )
    const results = await ingest.send(renames, { principal: member })
    expect(results.map((result) => result.outcome === 'applied')).toEqual(leads.map((_, index) => index !== 4))
  })

  test('tells its observer of each operation what metrics need', async () => {
    await poison('Poison', '22021')
    const seen: OperationEvent[] = []
    const receivedAt = new Date('2026-01-02T04:04:05.000Z')
    const batch = [ingest.insert(), ingest.insert(), poisoned(), ingest.insert({ entity: 'invoice' }), null]
    const batches: unknown[] = []
    await ingest.send(batch, {
      principal,
      receivedAt,
      // The device is ten minutes behind: an hour by its clock was fifty minutes.
      sentAt: new Date(receivedAt.getTime() - 10 * 60_000),
      onOperation: (event) => seen.push(event),
      onBatch: (event) => batches.push(event),
    })
    expect(seen).toMatchObject([
      { entity: 'lead', action: 'insert', outcome: 'applied', path: 'shared', queuedMs: 50 * 60_000 },
      { entity: 'lead', action: 'insert', outcome: 'applied' },
      { entity: 'lead', outcome: 'rejected', reason: 'malformed', path: 'alone', error: expect.any(Error) },
      { entity: 'unknown', outcome: 'rejected', reason: 'unknown_entity', path: 'none' },
      { entity: 'unknown', action: 'unknown', outcome: 'rejected', path: 'none' },
    ])
    expect(seen[0]?.durationMs).toBeGreaterThan(0)
    expect(batches).toMatchObject([
      { operations: 5, retries: 0, outcomes: { applied: 2, duplicate: 0, conflict: 0, rejected: 3, retry: 0 } },
    ])
  })

  test('runs its groups one operation after the other, each group for itself', async () => {
    await poison('Poison', '22021')
    const [one, two] = [uuidv7(), uuidv7()]
    const lead = ingest.insert({ groupId: one })
    const batch = [
      lead,
      ingest.insert({ groupId: two }),
      updateOf(lead, { values: { message: 'More' } }, { groupId: one }),
      { ...poisoned(), groupId: two },
    ]
    const results = await ingest.send(batch, { principal })
    expect(outcomes(results)).toEqual(['applied', 'rejected', 'applied', 'rejected'])
    expect(results[1]).toMatchObject({ reason: 'group_failed' })
    expect(await ingest.leads()).toMatchObject([{ id: lead.entityId, version: 2 }])
  })
})
