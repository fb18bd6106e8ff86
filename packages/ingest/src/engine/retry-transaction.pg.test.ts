import { ProblemError } from '@landfall/contract'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { type IngestHarness, newMember, newVisitor, openIngestHarness, updateOf } from '../testing/ingest-harness.ts'
import type { BatchEvent } from './events.ts'

let ingest: IngestHarness

beforeAll(async () => {
  ingest = await openIngestHarness(inject('postgresUrl'))
})
afterAll(() => ingest?.close())
beforeEach(() => ingest.empty())

/** Runs `statement` in Postgres whenever a lead is written, as often as told; the count outlives a rollback. */
async function whenLeadIsWritten(times: number, statement: string): Promise<void> {
  await ingest.owner.execute(
    sql.raw(`
      CREATE SEQUENCE deaths; GRANT USAGE ON SEQUENCE deaths TO landfall_app;
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN IF nextval('deaths') <= ${times} THEN ${statement}; END IF; RETURN NEW; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON lead_events FOR EACH ROW EXECUTE FUNCTION fail();`),
  )
}
const mend = () => ingest.owner.execute(sql.raw('DROP FUNCTION IF EXISTS fail CASCADE; DROP SEQUENCE IF EXISTS deaths'))

describe('a batch that dies as a whole', () => {
  test.each([
    ['40001', `RAISE EXCEPTION SQLSTATE '40001'`, /^40001$/],
    ['40P01', `RAISE EXCEPTION SQLSTATE '40P01'`, /^40P01$/],
    // The session ends in the middle of the statement, as in a restart; the word of Postgres may be lost with it.
    ['the end of its connection', 'PERFORM pg_terminate_backend(pg_backend_pid())', /^(57P01|connection)$/],
  ])('of %s is applied by the next attempt, once', async (_, statement, code) => {
    await whenLeadIsWritten(2, statement)
    const operations = [ingest.insert(), ingest.insert()]
    const told: BatchEvent[] = []
    try {
      const results = await ingest.send(operations, {
        principal: newVisitor(ingest.acme),
        onBatch: (event) => told.push(event),
      })
      expect(results.map((result) => result.outcome)).toEqual(['applied', 'applied'])
    } finally {
      await mend()
    }
    expect(await ingest.leads()).toHaveLength(2)
    expect(await ingest.events()).toHaveLength(2)
    expect(told).toMatchObject([
      { retries: 2, attemptErrors: Array(2).fill(expect.stringMatching(code)), outcomes: { applied: 2 } },
    ])
  })

  test('again and again is refused as unavailable, has stored nothing, and can be sent again', async () => {
    await whenLeadIsWritten(1_000, `RAISE EXCEPTION SQLSTATE '40001'`)
    const operation = ingest.insert()
    const principal = newVisitor(ingest.acme)
    const told: BatchEvent[] = []
    const retryPolicy = { maxAttempts: 3, baseMs: 1, deadlineMs: 5_000 }
    try {
      const refusal = await ingest
        .send([operation], { principal, retryPolicy, onBatch: (event) => told.push(event) })
        .catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(ProblemError)
      expect(refusal).toMatchObject({ code: 'upstream_unavailable', retryAfterMs: expect.any(Number) })
    } finally {
      await mend()
    }
    expect(told).toMatchObject([{ retries: 2, attemptErrors: ['40001', '40001', '40001'], outcomes: { applied: 0 } }])
    expect(told[0]?.error).toBeDefined()
    const { rows } = await ingest.owner.execute(sql`SELECT 1 FROM sync_operations`)
    expect(rows).toEqual([])
    expect(await ingest.send([operation], { principal })).toMatchObject([{ outcome: 'applied' }])
  })

  test('of a real deadlock with another one is applied all the same', async () => {
    const leads = Array.from({ length: 2 }, () => ingest.insert())
    await ingest.send(leads, { principal: newVisitor(ingest.acme) })
    const [a, b] = leads
    if (!a || !b) throw new Error('two leads')
    const status = { status: 'reviewing' }
    const rename = { values: { name: 'Eve' } }
    // Groups are run one operation after the other, so these lock the two leads in opposite order.
    const groupId = ingest.insert().opId
    const other = ingest.insert().opId
    const one = [a, b].map((lead) => updateOf(lead, status, { baseVersion: 1, groupId }))
    const two = [b, a].map((lead) => updateOf(lead, rename, { baseVersion: 1, groupId: other }))
    const deaths: string[] = []
    const onBatch = (event: BatchEvent) => void deaths.push(...event.attemptErrors)
    // The first lock of each is held long enough for both to have one.
    await ingest.owner.execute(sql`
      CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$`)
    await ingest.owner.execute(sql`CREATE TRIGGER linger AFTER UPDATE ON leads FOR EACH ROW EXECUTE FUNCTION linger()`)
    try {
      const answers = await Promise.all([
        ingest.send(one, { principal: newMember(ingest.acme), onBatch }),
        ingest.send(two, { principal: newMember(ingest.acme), onBatch }),
      ])
      expect(answers.flat().map((result) => result.outcome)).toEqual(Array(4).fill('applied'))
    } finally {
      await ingest.owner.execute(sql`DROP FUNCTION linger CASCADE`)
    }
    expect(deaths).toContain('40P01')
    expect(await ingest.leads()).toMatchObject(
      Array(2).fill({ status: 'reviewing', values: { name: 'Eve' }, version: 3 }),
    )
  })

  test('after its commit, so that only the answer is lost, is answered from the ledger', async () => {
    const operation = ingest.insert()
    const query = pg.Client.prototype.query
    let lost = 0
    const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
      this: pg.Client,
      ...args: unknown[]
    ) {
      const answer = await Reflect.apply(query, this, args)
      if (args[0] === 'COMMIT' && lost++ === 0) throw new Error('Connection terminated unexpectedly')
      return answer
    } as never)
    try {
      const results = await ingest.send([operation], { principal: newVisitor(ingest.acme) })
      expect(results).toMatchObject([{ outcome: 'duplicate', version: 1 }])
    } finally {
      spy.mockRestore()
    }
    expect(lost).toBeGreaterThan(1)
    expect(await ingest.leads()).toHaveLength(1)
    expect(await ingest.events()).toHaveLength(1)
  })
})

test('what is not the database’s doing is not tried again', async () => {
  let attempts = 0
  const failing = {
    ...ingest.app,
    $client: { connect: () => Promise.reject(new TypeError(`bug ${++attempts}`)) },
  } as never
  const sent = ingest.send([ingest.insert()], { principal: newVisitor(ingest.acme), database: failing })
  await expect(sent).rejects.toThrow('bug 1')
  expect(attempts).toBe(1)
})

test('a lead that takes too long waits, and the others go on', async () => {
  await ingest.owner.execute(sql`
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.values->>'name' = 'Slow' THEN RAISE EXCEPTION SQLSTATE '57014'; END IF; RETURN NEW; END $$`)
  await ingest.owner.execute(sql`CREATE TRIGGER dawdle BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION dawdle()`)
  try {
    const slow = ingest.insert({}, { values: { name: 'Slow', email: 'a@b.test', privacy: true } })
    const results = await ingest.send([ingest.insert(), slow], { principal: newVisitor(ingest.acme) })
    expect(results.map((result) => result.outcome)).toEqual(['applied', 'retry'])
  } finally {
    await ingest.owner.execute(sql`DROP FUNCTION dawdle CASCADE`)
  }
})

test('every connection has its time-outs', async () => {
  const { rows } = await ingest.app.$client.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE name IN
      ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`,
  )
  for (const { name, setting } of rows) expect(Number(setting), name).toBeGreaterThan(0)
  expect(rows).toHaveLength(3)
})
