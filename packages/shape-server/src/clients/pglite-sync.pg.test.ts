import { PGlite } from '@electric-sql/pglite'
import { electricSync } from '@electric-sql/pglite-sync'
import { expect, test } from 'vitest'
import { cleanUp, eventually, type Harness, startHarness } from '../testing/harness.ts'
import { restart, temporaryFolder } from '../testing/restart.ts'
import { seededRandom } from '../testing/seeded-random.ts'

async function openLocal(schema: string) {
  const local = await PGlite.create({ extensions: { electric: electricSync() } })
  cleanUp(() => local.close())
  await local.exec(schema)
  return local
}

const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY, title text, n int);'

/** Two shapes of one table, so that they also have to be brought in step. */
async function follow(server: { url: string }, local: Awaited<ReturnType<typeof openLocal>>) {
  const aborter = new AbortController()
  cleanUp(async () => aborter.abort())
  const shape = (table: string, params: Record<string, string>) => ({
    shape: { url: `${server.url}/v1/shape`, params: { table: 'items', ...params }, signal: aborter.signal },
    table,
    primaryKey: ['id'],
  })
  const errors: Error[] = []
  const sync = await local.electric.syncShapesToTables({
    shapes: { all: shape('items', {}), large: shape('large', { where: 'n > 5', replica: 'full' }) },
    key: null,
    onError: (error) => errors.push(error),
  })
  cleanUp(async () => sync.unsubscribe())
  return { errors }
}

const LOCAL = `${ITEMS} CREATE TABLE large (id int PRIMARY KEY, title text, n int);`

async function expectEqual({ sql }: Harness, local: Awaited<ReturnType<typeof openLocal>>): Promise<void> {
  const numbers = (rows: Record<string, unknown>[]) =>
    rows.map(({ id, title, n }) => ({ id: Number(id), title, n: Number(n) }))
  const all = numbers(await sql('SELECT * FROM items ORDER BY id'))
  await eventually(async () => {
    expect(numbers((await local.query<Record<string, unknown>>('SELECT * FROM items ORDER BY id')).rows)).toEqual(all)
    const large = await local.query<Record<string, unknown>>('SELECT * FROM large ORDER BY id')
    expect(numbers(large.rows)).toEqual(all.filter(({ n }) => n > 5))
  }, 30_000)
}

test('pglite-sync fills a PGlite and keeps it live, two tables in one transaction', async () => {
  const { server, sql } = await startHarness(`
    CREATE TABLE projects (id int PRIMARY KEY, name text);
    CREATE TABLE tasks (id int PRIMARY KEY, project_id int, title text);
    INSERT INTO projects VALUES (1, 'boat');
    INSERT INTO tasks VALUES (1, 1, 'sails'), (2, 1, 'keel')`)
  const local = await openLocal(`
    CREATE TABLE projects (id int PRIMARY KEY, name text);
    CREATE TABLE tasks (id int PRIMARY KEY, project_id int, title text)`)
  const shape = (table: string) => ({
    shape: { url: `${server.url}/v1/shape`, params: { table } },
    table,
    primaryKey: ['id'],
  })
  const sync = await local.electric.syncShapesToTables({
    shapes: { projects: shape('projects'), tasks: shape('tasks') },
    key: null,
  })
  cleanUp(async () => sync.unsubscribe())
  const rows = async (text: string) => (await local.query(text)).rows

  await eventually(async () => expect(await rows('SELECT title FROM tasks ORDER BY id')).toHaveLength(2))
  await sql(`BEGIN; INSERT INTO projects VALUES (2, 'house'); INSERT INTO tasks VALUES (3, 2, 'roof'); COMMIT`)
  await eventually(async () =>
    expect(
      await rows('SELECT t.title, p.name FROM tasks t JOIN projects p ON p.id = t.project_id WHERE t.id = 3'),
    ).toEqual([{ title: 'roof', name: 'house' }]),
  )
  await sql(`UPDATE tasks SET title = 'mast' WHERE id = 1`)
  await sql('DELETE FROM tasks WHERE id = 2')
  // Only the position of other tables' writes tells the idle shape that the group may be committed.
  await eventually(async () =>
    expect(await rows('SELECT id, title FROM tasks ORDER BY id')).toEqual([
      { id: 1, title: 'mast' },
      { id: 3, title: 'roof' },
    ]),
  )
})

test('pglite-sync takes in 10,000 rows at once, and one transaction over a thousand of them', {
  timeout: 60_000,
}, async () => {
  const harness = await startHarness(
    `${ITEMS} INSERT INTO items SELECT id, 'title ' || id, id % 10 FROM generate_series(1, 10000) id`,
  )
  const local = await openLocal(LOCAL)
  const { errors } = await follow(harness.server, local)
  await expectEqual(harness, local)
  await harness.sql('UPDATE items SET n = n + 1 WHERE id <= 1000')
  await expectEqual(harness, local)
  expect(errors).toEqual([])
})

test.each([
  ['that keeps nothing', false],
  ['that keeps its shapes', true],
])('pglite-sync ends with what the table has after TRUNCATE and a restart of a server %s', async (_, isKept) => {
  const storageDir = isKept ? await temporaryFolder() : undefined
  const harness = await startHarness(
    `${ITEMS} INSERT INTO items SELECT id, 'title', id % 10 FROM generate_series(1, 50) id`,
    { ...(storageDir && { storageDir }) },
  )
  const local = await openLocal(LOCAL)
  await follow(harness.server, local)
  const random = seededRandom(3)
  const write = async (count: number) => {
    for (let step = 0; step < count; step += 1) {
      const [id, n] = [1 + random.integer(60), random.integer(10)]
      if (random.chance(0.2)) await harness.sql('DELETE FROM items WHERE id = $1', [id])
      else await harness.sql(`INSERT INTO items VALUES ($1, 'new', $2) ON CONFLICT (id) DO UPDATE SET n = $2`, [id, n])
    }
  }
  await write(50)
  await expectEqual(harness, local)
  await restart(harness, () => write(10), storageDir)
  await write(10)
  await expectEqual(harness, local)
  await harness.sql('TRUNCATE items')
  await write(20)
  await expectEqual(harness, local)
})

test('pglite-sync resumes a subscription that it keeps, where it left off', async () => {
  const { server, sql } = await startHarness(`${ITEMS} INSERT INTO items VALUES (1, 'one', 1)`)
  const local = await openLocal(ITEMS)
  const queries: URLSearchParams[] = []
  const start = () =>
    local.electric.syncShapeToTable({
      shape: {
        url: `${server.url}/v1/shape`,
        params: { table: 'items' },
        fetchClient: (input, init) => {
          queries.push(new URL(String(input)).searchParams)
          return fetch(input, init)
        },
      },
      table: 'items',
      primaryKey: ['id'],
      shapeKey: 'items',
    })
  const titles = async () => (await local.query<{ title: string }>('SELECT title FROM items ORDER BY id')).rows
  const first = await start()
  await eventually(async () => expect(await titles()).toEqual([{ title: 'one' }]))
  await sql(`INSERT INTO items VALUES (2, 'two', 2)`)
  await eventually(async () => expect(await titles()).toHaveLength(2))
  first.unsubscribe()
  await sql(`DELETE FROM items WHERE id = 1`)
  await sql(`INSERT INTO items VALUES (3, 'three', 3)`)
  queries.length = 0
  const second = await start()
  cleanUp(async () => second.unsubscribe())
  await eventually(async () => expect(await titles()).toEqual([{ title: 'two' }, { title: 'three' }]))
  expect(queries.map((query) => query.get('offset'))).not.toContain('-1')
})
