import { expect, test } from 'vitest'
import { startHarness } from '../testing/harness.ts'
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
