import { expect, test } from 'vitest'
import { eventually, startHarness } from './testing/harness.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const ITEMS = `CREATE TABLE items (id int PRIMARY KEY, n int); INSERT INTO items VALUES (1, 1)`
const PARTS = `
  CREATE TABLE parts (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
  CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10);
  INSERT INTO parts VALUES (1, 1)`

const values = (reader: ShapeReader) => [...reader.rows.values()].sort((a, b) => Number(a.id) - Number(b.id))

/** Statement, table of the shape, and what the table holds afterwards. */
test.each<[string, string, string, string[]]>([
  ['a dropped column', ITEMS, 'items', ['ALTER TABLE items DROP COLUMN n', 'INSERT INTO items VALUES (2)']],
  ['a renamed column', ITEMS, 'items', ['ALTER TABLE items RENAME n TO m', 'INSERT INTO items VALUES (2, 2)']],
  [
    'an old row that Postgres no longer writes',
    ITEMS,
    'items',
    ['ALTER TABLE items REPLICA IDENTITY DEFAULT', 'UPDATE items SET n = 3'],
  ],
  [
    'a new table of the same name',
    ITEMS,
    'items',
    ['DROP TABLE items; CREATE TABLE items (id int PRIMARY KEY, n int)', 'INSERT INTO items VALUES (7, 7)'],
  ],
  [
    'another table that took the name',
    `${ITEMS}; CREATE TABLE other (id int PRIMARY KEY, n int); INSERT INTO other VALUES (8, 8)`,
    'items',
    ['ALTER TABLE items RENAME TO former; ALTER TABLE other RENAME TO items'],
  ],
  ['a table taken out of the publication', ITEMS, 'items', ['ALTER PUBLICATION landfall_shapes DROP TABLE items']],
  [
    'a partition attached with its rows',
    `${PARTS}; CREATE TABLE parts_high (id int PRIMARY KEY, n int); INSERT INTO parts_high VALUES (11, 11)`,
    'parts',
    ['ALTER TABLE parts ATTACH PARTITION parts_high FOR VALUES FROM (10) TO (20)'],
  ],
  ['a TRUNCATE of one partition', PARTS, 'parts', ['TRUNCATE parts_low']],
  [
    'a TRUNCATE of a partition of a partition',
    `${PARTS};
    CREATE TABLE parts_mid PARTITION OF parts FOR VALUES FROM (20) TO (30) PARTITION BY RANGE (id);
    CREATE TABLE parts_mid_low PARTITION OF parts_mid FOR VALUES FROM (20) TO (25);
    INSERT INTO parts VALUES (21, 1)`,
    'parts',
    ['TRUNCATE parts_mid_low'],
  ],
  ['a partition detached with its rows', PARTS, 'parts', ['ALTER TABLE parts DETACH PARTITION parts_low']],
])('clients fetch again after %s', async (_, setup, table, statements) => {
  const { server, sql } = await startHarness(setup)
  const reader = await new ShapeReader(server, { table }).catchUp()
  for (const statement of statements) await sql(statement)
  await eventually(async () => {
    const reply = await ask(server, { table, offset: reader.offset, handle: reader.handle })
    expect(reply.status).toBe(409)
  })
  const next = await new ShapeReader(server, { table }).catchUp()
  expect(values(next)).toEqual(await sql(`SELECT * FROM ${table} ORDER BY 1`))
  // And the successor follows.
  await sql(`INSERT INTO ${table} (id) VALUES (5)`).catch(() =>
    sql(`INSERT INTO ${table} (id) VALUES (15)`).catch(() => {}),
  )
  await eventually(async () => {
    await next.catchUp()
    expect(values(next)).toEqual(await sql(`SELECT * FROM ${table} ORDER BY 1`))
  })
})

test.each([
  ['renamed', 'ALTER TABLE items RENAME TO things', 'things'],
  ['moved to another schema', 'CREATE SCHEMA attic; ALTER TABLE items SET SCHEMA attic', 'attic.items'],
])(
  'a table that was %s is no longer found under its old name, and can be followed under the new one',
  async (_, statement, name) => {
    const { server, sql } = await startHarness(ITEMS)
    const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
    await sql(statement)
    await eventually(async () => {
      const reply = await ask(server, { table: 'items', offset: reader.offset, handle: reader.handle })
      expect(reply.status).toBe(400)
    })
    const next = await new ShapeReader(server, { table: name }).catchUp()
    await sql(`INSERT INTO ${name} VALUES (2, 2)`)
    await eventually(async () => expect((await next.catchUp()).rows.size).toBe(2))
  },
)

test('a type that changes does not matter', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  await sql('ALTER TABLE items ALTER COLUMN n TYPE bigint')
  await sql('INSERT INTO items VALUES (2, 3000000000)')
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(2))
  expect(values(reader)[1]).toEqual({ id: '2', n: '3000000000' })
})

test('a new partition loses no old row', async () => {
  const { server, sql } = await startHarness(PARTS)
  await new ShapeReader(server, { table: 'parts' }).catchUp()
  await sql('CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (20)')
  await sql('INSERT INTO parts VALUES (11, 1)')
  // Postgres writes no old row for the new partition until it is told to.
  await sql('UPDATE parts SET n = 2 WHERE id = 11')
  let reader = new ShapeReader(server, { table: 'parts', where: 'n < 3' })
  await eventually(async () => {
    reader = await new ShapeReader(server, { table: 'parts', where: 'n < 3' }).catchUp()
    expect(await sql(`SELECT relreplident FROM pg_class WHERE relname = 'parts_high'`)).toEqual([{ relreplident: 'f' }])
  })
  await sql('UPDATE parts SET n = 4 WHERE id = 11')
  await eventually(async () => {
    reader =
      (await reader.catchUp().catch(() => undefined)) ?? new ShapeReader(server, { table: 'parts', where: 'n < 3' })
    expect(values(reader)).toEqual([{ id: '1', n: '1' }])
  })
})
