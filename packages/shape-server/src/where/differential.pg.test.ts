import { randomInt } from 'node:crypto'
import { inspect } from 'node:util'
import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { loadTable, type Table } from '../catalog/table.ts'
import { type Database, openDatabase } from '../database.ts'
import type { Row } from '../replication/transaction.ts'
import { CLAUSE_TABLE, randomClause, randomRows } from '../testing/random-clause.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { defineWhere } from './define-where.ts'
import { WhereError } from './where-error.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

/** Says for each row whether the clause is true; `error` where computing it fails. */
const JUDGE = `
  CREATE FUNCTION judge(clause text) RETURNS TABLE (id int, verdict text) LANGUAGE plpgsql AS $$
  BEGIN
    BEGIN
      RETURN QUERY EXECUTE format('SELECT id, ((%s) IS TRUE)::text FROM public.samples', clause);
      RETURN;
    EXCEPTION WHEN data_exception OR feature_not_supported THEN
    END;
    FOR id IN SELECT s.id FROM public.samples s LOOP
      BEGIN
        EXECUTE format('SELECT ((%s) IS TRUE)::text FROM public.samples WHERE id = $1', clause) INTO verdict USING id;
      EXCEPTION WHEN data_exception OR feature_not_supported THEN
        verdict := 'error: ' || sqlerrm;
      END;
      RETURN NEXT;
    END LOOP;
  END $$`

const ROWS = 40
const CLAUSES = 1_000
/** Postgres folds constants further than is done here, and so passes by a failure now and then. */
const MAX_NEEDLESS_FAILURES = 4

let database: Database
let table: Table
let drop: () => Promise<void>
let admin: pg.Client

beforeAll(async () => {
  const created = await createTestDatabase(inject('postgresUrl'))
  drop = created.drop
  admin = new pg.Client({ connectionString: created.url })
  await admin.connect()
  await admin.query(CLAUSE_TABLE)
  await admin.query(JUDGE)
  database = openDatabase(created.url, () => {})
  table = (await loadTable(database, { schema: 'public', table: 'samples' })) as Table
})
afterAll(async () => {
  await admin.end()
  await database.end()
  await drop()
})

const SEEDS = [4_711, Number(process.env.WHERE_SEED ?? randomInt(2 ** 31))]

test.each(SEEDS)('random clauses select what Postgres selects (WHERE_SEED=%i)', { timeout: 120_000 }, async (seed) => {
  const random = seededRandom(seed)
  await admin.query('TRUNCATE samples')
  await admin.query(randomRows(random, ROWS))
  const { rows } = await database.query<Row>('SELECT * FROM public.samples ORDER BY id')
  const counts = { compared: 0, failing: 0, refused: 0, meaningless: 0 }
  const reasons = new Map<string, number>()
  const differences: unknown[] = []
  const needless: unknown[] = []
  for (let index = 0; index < CLAUSES && differences.length < 10; index += 1) {
    const clause = randomClause(random)
    const expected = await judge(clause)
    if (!expected) {
      counts.meaningless += 1
      continue
    }
    const actual = await verdicts(clause, rows)
    // A constant part that fails whatever the row is: Postgres fails, too.
    if (typeof actual === 'string' && [...expected.values()].every((verdict) => verdict.startsWith('error'))) {
      counts.meaningless += 1
      continue
    }
    if (typeof actual === 'string') {
      counts.refused += 1
      reasons.set(actual, (reasons.get(actual) ?? 0) + 1)
      continue
    }
    counts.compared += 1
    if ([...expected.values()].some((verdict) => verdict.startsWith('error'))) counts.failing += 1
    const different = rows.find((row) => !agree(verdict(expected, row), verdict(actual, row), clause))
    if (different) {
      const [wanted, found] = [verdict(expected, different), verdict(actual, different)]
      const list = found.startsWith('error') ? needless : differences
      list.push({ clause, row: used(different, clause), wanted, found })
    }
  }
  if (process.env.WHERE_VERBOSE)
    process.stdout.write(inspect([seed, counts, [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 30)]))
  expect(differences).toEqual([])
  expect(needless.length, inspect(needless)).toBeLessThanOrEqual(MAX_NEEDLESS_FAILURES)
  expect(counts.compared).toBeGreaterThan(CLAUSES / 2)
  expect(counts.refused / CLAUSES, JSON.stringify([...reasons])).toBeLessThan(0.02)
})

/** The parts of AND, OR and lists are looked at in another order, so that one of them may decide before another fails. */
const MAY_DECIDE_BEFORE = /\b(AND|OR|IN|ANY|ALL|BETWEEN)\b/

function agree(wanted: string, found: string, clause: string): boolean {
  if (wanted === found) return true
  if (wanted.startsWith('error')) return found.startsWith('error') || MAY_DECIDE_BEFORE.test(clause)
  return false
}

async function judge(clause: string): Promise<Map<string, string> | undefined> {
  try {
    const { rows } = await database.query<{ id: string; verdict: string }>('SELECT * FROM public.judge($1)', [clause])
    return new Map(rows.map(({ id, verdict }) => [id, verdict]))
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith('42')) return undefined
    throw new Error(`Postgres cannot judge ${clause}`, { cause: error })
  }
}

async function verdicts(clause: string, rows: Row[]): Promise<Map<string, string> | string> {
  const where = await defineWhere(database, table, clause, []).catch((error: unknown) => {
    if (error instanceof WhereError) return error.message
    throw new Error(`cannot compile ${clause}`, { cause: error })
  })
  if (typeof where === 'string') return where
  return new Map(
    rows.map((row) => {
      try {
        return [row.id ?? '', String(where.matches(row))]
      } catch (error) {
        if (error instanceof WhereEvaluationError) return [row.id ?? '', `error: ${error.message}`]
        throw new Error(`cannot compute ${clause} for ${JSON.stringify(row)}`, { cause: error })
      }
    }),
  )
}

const verdict = (verdicts: Map<string, string>, row: Row) => verdicts.get(row.id ?? '') ?? ''

const used = (row: Row, clause: string) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => new RegExp(`\\b${name}\\b`).test(clause)))
