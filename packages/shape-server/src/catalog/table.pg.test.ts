import { expect, test } from 'vitest'
import { eventually, startHarness } from '../testing/harness.ts'
import { ask, ShapeReader } from '../testing/shape-reader.ts'

test('a table whose changes are not replicated does not exist for clients', async () => {
  const { server, connect, sql } = await startHarness(`CREATE UNLOGGED TABLE quick (id int PRIMARY KEY)`)
  const session = await connect()
  await session.query('CREATE TEMPORARY TABLE passing (id int PRIMARY KEY)')
  const [own] = await sql(`SELECT relnamespace::regnamespace::text AS schema FROM pg_class WHERE relname = 'passing'`)
  const tables = ['quick', `${own?.schema}.passing`, 'pg_catalog.pg_authid', 'information_schema.sql_features']
  for (const table of tables) {
    const { status, json } = await ask(server, { table, offset: '-1' })
    expect([status, json]).toEqual([400, { message: 'Invalid request', errors: { table: [expect.any(String)] } }])
  }
})

test('a table without columns has rows without values', async () => {
  const { server } = await startHarness('CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES')
  const reader = await new ShapeReader(server, { table: 'bare' }).catchUp()
  expect([...reader.rows.values()]).toEqual([{}])
})

test('a partition is read through the table that it is part of, also one that was a table of its own', async () => {
  const { server, sql } = await startHarness(`
    CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10);
    CREATE TABLE high (id int PRIMARY KEY)`)
  const refused = { status: 400, json: { errors: { table: [expect.stringContaining('is a partition')] } } }
  expect(await ask(server, { table: 'low', offset: '-1' })).toMatchObject(refused)
  const asked = await ask(server, { table: 'parts', where: 'id IN (SELECT id FROM low)', offset: '-1' })
  expect(asked).toMatchObject({ status: 400, json: { errors: { where: [expect.stringContaining('is a partition')] } } })
  const { handle, offset } = await new ShapeReader(server, { table: 'high' }).catchUp()
  await sql('ALTER TABLE parts ATTACH PARTITION high FOR VALUES FROM (10) TO (20)')
  await eventually(async () => expect(await ask(server, { table: 'high', handle, offset })).toMatchObject(refused))
})
