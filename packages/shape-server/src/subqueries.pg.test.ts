import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { RAW_TEXT } from './database.ts'
import { cleanUp, eventually, type Harness, startHarness } from './testing/harness.ts'
import { seededRandom } from './testing/seeded-random.ts'
import { ask } from './testing/shape-reader.ts'
import { TaggedReader } from './testing/tagged-reader.ts'

const SETUP = `
  CREATE TABLE projects (id int PRIMARY KEY, active boolean);
  CREATE TABLE tasks (id int PRIMARY KEY, project int, t text);
  INSERT INTO projects VALUES (10, true), (20, false);
  INSERT INTO tasks VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 10, 'c')`
const QUERY = { table: 'tasks', where: 'project IN (SELECT id FROM projects WHERE active)' }

const ids = (reader: TaggedReader) => [...reader.rows.values()].map(({ value }) => value.id).sort()

async function now({ sql }: Pick<Harness, 'sql'>): Promise<bigint> {
  const [row] = await sql(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS position`)
  // Something behind it, so that the stream gets past.
  await sql('SELECT pg_current_xact_id()')
  return BigInt(row?.position ?? 0)
}

async function reader(harness: Harness, query: Record<string, string> = QUERY): Promise<TaggedReader> {
  const made = new TaggedReader(harness.server, query)
  await made.readTo(await now(harness))
  return made
}

test('rows say why they are there', async () => {
  const harness = await startHarness(SETUP)
  const { messages } = await reader(harness)
  const [first, second] = messages.filter(({ headers }) => headers.operation)
  expect(first?.headers).toEqual({
    operation: 'insert',
    relation: ['public', 'tasks'],
    tags: [expect.stringMatching(/^[0-9a-f]{32}$/)],
    active_conditions: [true],
  })
  expect(second?.headers.tags).toEqual(first?.headers.tags)
})

test('rows come and go with the values of a subquery', async () => {
  const harness = await startHarness(SETUP)
  const follower = await reader(harness)
  expect(ids(follower)).toEqual(['1', '3'])
  follower.messages.length = 0

  await harness.sql('UPDATE projects SET active = true WHERE id = 20')
  await follower.readTo(await now(harness))
  expect(ids(follower)).toEqual(['1', '2', '3'])
  const [event, row, end] = follower.moves
  const [tag] = (row?.headers.tags ?? []) as string[]
  expect(event?.headers).toEqual({ event: 'move-in', patterns: [{ pos: 0, value: tag }], txids: [expect.any(Number)] })
  expect(row).toMatchObject({ value: { id: '2', project: '20', t: 'b' }, headers: { is_move_in: true } })
  expect(row?.headers.lsn).toBeUndefined()
  expect(end?.headers.control).toBe('snapshot-end')
  follower.messages.length = 0

  await harness.sql('DELETE FROM projects WHERE id = 10')
  await follower.readTo(await now(harness))
  expect(ids(follower)).toEqual(['2'])
  expect(follower.moves[0]?.headers).toMatchObject({ event: 'move-out', patterns: [{ pos: 0 }] })
})

test('a row may change its reason, and be changed in the transaction that moves it', async () => {
  const harness = await startHarness(`${SETUP}; INSERT INTO projects VALUES (30, true)`)
  const follower = await reader(harness)
  await harness.sql('UPDATE tasks SET project = 30 WHERE id = 1')
  await harness.sql('DELETE FROM projects WHERE id = 10')
  await harness.sql(`BEGIN; UPDATE projects SET active = NOT active; UPDATE tasks SET t = t || '!';
    INSERT INTO tasks VALUES (4, 20, 'new'), (5, 30, 'gone'); COMMIT`)
  await follower.readTo(await now(harness))
  expect([...follower.rows.values()].map(({ value }) => [value.id, value.t]).sort()).toEqual([
    ['2', 'b!'],
    ['4', 'new'],
  ])
  expect(follower.refetches).toBe(0)
})

test('an up-to-date does not claim what is held back', async () => {
  const harness = await startHarness(SETUP)
  const follower = await reader(harness)
  for (let round = 0; round < 10; round += 1) {
    await harness.sql('UPDATE projects SET active = NOT active WHERE id = 20')
    const position = await now(harness)
    await follower.readTo(position)
    expect(ids(follower)).toEqual(round % 2 === 0 ? ['1', '2', '3'] : ['1', '3'])
  }
})

describe('refused', () => {
  test.each([
    ['an expression on the left', 'project + 1 IN (SELECT id FROM projects)'],
    ['several columns', '(id, project) IN (SELECT id, id FROM projects)'],
    ['EXISTS', 'EXISTS (SELECT 1 FROM projects)'],
    ['a scalar', 'project = (SELECT id FROM projects)'],
    ['a join', 'project IN (SELECT id FROM projects, tasks)'],
    ['a reference to the outside', 'project IN (SELECT id FROM projects WHERE t IS NULL)'],
    ['a limit', 'project IN (SELECT id FROM projects LIMIT 1)'],
    ['a union', 'project IN (SELECT id FROM projects UNION SELECT 1)'],
    ['an aggregate', 'project IN (SELECT max(id) FROM projects)'],
    ['another subquery within', 'project IN (SELECT id FROM projects WHERE id IN (SELECT id FROM tasks))'],
    ['a place within another expression', '(project IN (SELECT id FROM projects)) IS NOT TRUE'],
    ['a table that is not there', 'project IN (SELECT id FROM nothing)'],
    ['a catalog', 'project IN (SELECT oid::int FROM pg_catalog.pg_class)'],
    ['types whose equal values print differently', 'project::numeric IN (SELECT id FROM projects)'],
    [
      'too many alternatives',
      Array.from({ length: 9 }, (_, n) => `(id = ${n} OR project IN (SELECT id FROM projects WHERE id > ${n}))`).join(
        ' AND ',
      ),
    ],
  ])('%s', async (_, where) => {
    const harness = await shared()
    const reply = await ask(harness.server, { table: 'tasks', where, offset: '-1' })
    expect([reply.status, Object.keys((reply.json as { errors?: object }).errors ?? {})]).toEqual([400, ['where']])
  })

  test('in a subset', async () => {
    const harness = await shared()
    const reply = await ask(harness.server, { table: 'tasks', offset: '-1', subset__where: QUERY.where })
    expect(reply.status).toBe(400)
  })

  const shared = () => startHarness(SETUP)
})

test('a truncated or altered table of a subquery rotates the shape', async () => {
  const harness = await startHarness(SETUP)
  const follower = await reader(harness)
  await harness.sql('TRUNCATE projects')
  await follower.readTo(await now(harness))
  expect([follower.refetches, follower.rows.size]).toEqual([1, 0])
  await harness.sql('ALTER TABLE projects RENAME COLUMN active TO running; INSERT INTO projects VALUES (10, true)')
  await eventually(async () => {
    expect((await ask(harness.server, { ...QUERY, offset: '-1' })).status).toBe(400)
  })
})

const CLAUSES = [
  'project IN (SELECT id FROM projects WHERE active)',
  'project NOT IN (SELECT id FROM projects WHERE active AND id IS NOT NULL)',
  "t <> 'a' AND project IN (SELECT id FROM projects WHERE active)",
  "t = 'a' OR project IN (SELECT id FROM projects WHERE active)",
  'project IN (SELECT id FROM projects WHERE active) OR owner IN (SELECT name FROM public.people WHERE admin)',
  "project IN (SELECT id FROM projects WHERE active) AND (owner IN (SELECT name FROM people) OR NOT t LIKE 'b%')",
  'NOT (project IN (SELECT id FROM projects WHERE NOT active) OR owner IN (SELECT name FROM people WHERE admin))',
  'project IN (SELECT lead FROM projects WHERE active)',
  'project = ANY (SELECT project FROM tasks WHERE t > $1)',
]
const RUNS = 3

describe('random changes of both tables', () => {
  test.each(CLAUSES)('%s', { timeout: 120_000 }, async (where) => {
    const seed = Number(process.env.SUBQUERY_SEED ?? randomInt(2 ** 31))
    // With a folder the slot stays, and the stream goes on where it broke off.
    const storageDir = await mkdtemp(join(tmpdir(), 'landfall-subqueries-'))
    cleanUp(() => rm(storageDir, { recursive: true, force: true }))
    const harness = await startHarness(
      `
      CREATE TABLE projects (id int PRIMARY KEY, active boolean, lead int);
      CREATE TABLE people (name text PRIMARY KEY, admin boolean);
      CREATE TABLE tasks (id int PRIMARY KEY, project int, owner text, t text);
      INSERT INTO projects SELECT n, n % 2 = 0, n % 3 FROM generate_series(1, 6) n;
      INSERT INTO people SELECT 'p' || n, n % 2 = 0 FROM generate_series(1, 4) n;
      INSERT INTO tasks SELECT n, n % 8, 'p' || n % 6, chr(97 + n % 4) FROM generate_series(1, 30) n`,
      { storageDir },
    )
    const query: Record<string, string> = { table: 'tasks', where, ...(where.includes('$1') && { 'params[1]': 'b' }) }
    const readers = [
      await reader(harness, query),
      await reader(harness, { ...query, columns: 'id,t' }),
      await reader(harness, { ...query, replica: 'full' }),
    ]
    const random = seededRandom(seed)
    for (let run = 0; run < RUNS; run += 1) {
      const writers = await Promise.all([1, 2, 3].map(() => connect(harness)))
      const writing = Promise.all(writers.map((writer) => write(writer, random)))
      // One reads what is there while it is written, the others all of it at the end.
      const reading = readWhile(readers[2], writing)
      // The stream breaks off, and brings again what was not put away.
      if (run === 1)
        await harness.sql(
          'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()',
        )
      await writing
      await reading
      await Promise.all(writers.map((writer) => writer.end()))
      const position = await now(harness)
      const expected = await harness.sql(`SELECT id, project, owner, t FROM tasks WHERE ${where.replace('$1', "'b'")}`)
      for (const follower of readers) {
        await follower.readTo(position).catch((error: unknown) => {
          throw new Error(`SUBQUERY_SEED=${seed}`, { cause: error })
        })
        const found = [...follower.rows.values()].map(({ value }) => [value.id, value.t])
        expect(found.sort(), `SUBQUERY_SEED=${seed}`).toEqual(expected.map(({ id, t }) => [id, t]).sort())
      }
    }
    // NOT IN of nothing holds for all rows: with the first value that is another shape.
    if (where.includes('NOT')) return
    expect(readers.map(({ refetches }) => refetches)).toEqual([0, 0, 0])
    expect(readers[0]?.messages.some(({ headers }) => headers.event)).toBe(true)
  })
})

async function readWhile(follower: TaggedReader | undefined, writing: Promise<unknown>): Promise<void> {
  let isWriting = true
  const stop = () => {
    isWriting = false
  }
  writing.then(stop, stop)
  while (isWriting) {
    await follower?.next()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function connect({ databaseUrl }: Harness): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, types: RAW_TEXT })
  client.on('error', () => {})
  await client.connect()
  cleanUp(() => client.end().catch(() => {}))
  return client
}

type Random = ReturnType<typeof seededRandom>

async function write(client: pg.Client, random: Random): Promise<void> {
  for (let count = 0; count < 12; count += 1) {
    const statements = Array.from({ length: 1 + random.integer(3) }, () => statement(random))
    // Two writers may wait for each other, and insert the same key.
    await client.query(`BEGIN; ${statements.join('; ')}; COMMIT`).catch(() => client.query('ROLLBACK'))
  }
}

function statement(random: Random): string {
  const id = 1 + random.integer(40)
  const project = random.chance(0.1) ? 'NULL' : String(random.integer(8))
  const letter = `'${'abcd'[random.integer(4)]}'`
  const person = `'p${random.integer(6)}'`
  const choices = [
    `INSERT INTO tasks VALUES (${id}, ${project}, ${person}, ${letter}) ON CONFLICT DO NOTHING`,
    `UPDATE tasks SET project = ${project} WHERE id = ${id}`,
    `UPDATE tasks SET t = ${letter} WHERE id % 5 = ${random.integer(5)}`,
    `UPDATE tasks SET owner = ${person} WHERE id = ${id}`,
    `UPDATE tasks SET id = id + 100 WHERE id = ${id}`,
    `DELETE FROM tasks WHERE id = ${id}`,
    `UPDATE projects SET active = NOT active WHERE id = ${1 + random.integer(7)}`,
    `UPDATE projects SET lead = ${random.integer(8)} WHERE id = ${1 + random.integer(7)}`,
    `INSERT INTO projects VALUES (${1 + random.integer(7)}, true, ${random.integer(8)}) ON CONFLICT DO NOTHING`,
    `DELETE FROM projects WHERE id = ${2 + random.integer(6)}`,
    `INSERT INTO people VALUES (${person}, true) ON CONFLICT (name) DO UPDATE SET admin = NOT people.admin`,
    `DELETE FROM people WHERE name = ${person}`,
  ]
  return choices[random.integer(choices.length)] ?? ''
}
