import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import { OverloadError } from '../overload-error.ts'
import { cleanUp, eventually, startHarness } from '../testing/harness.ts'
import { ask } from '../testing/shape-reader.ts'
import { defineShape } from './define-shape.ts'
import { tablesOf } from './definition.ts'
import { inSnapshot } from './in-snapshot.ts'

const TABLES = `
  CREATE TABLE items (id int PRIMARY KEY, list int);
  INSERT INTO items VALUES (1, 1);
  CREATE TABLE lists (id int PRIMARY KEY);
  INSERT INTO lists VALUES (1)`

async function readable(where?: string) {
  const harness = await startHarness(TABLES)
  const database = openDatabase(harness.databaseUrl, () => {})
  cleanUp(() => database.end())
  const definition = await defineShape(database, {
    table: 'items',
    where,
    params: [],
    columns: undefined,
    replica: 'default',
    log: 'full',
  })
  return { ...harness, database, reading: { tables: tablesOf(definition), isAcceptable: () => true } }
}

test.each(['items', 'lists'])(
  '%s is not emptied between a snapshot and what is read in it, and is afterwards',
  async (table) => {
    const { sql, connect, database, reading } = await readable('list IN (SELECT id FROM lists)')
    const writer = await connect()
    let truncation: Promise<unknown> = Promise.resolve()
    let count: unknown
    await inSnapshot(database, reading, async (client) => {
      let isOver = false
      truncation = writer.query(`TRUNCATE ${table}`).then(() => {
        isOver = true
      })
      await eventually(async () => {
        const locks = await sql('SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted', [table])
        expect(isOver || locks.length === 1).toBe(true)
      })
      ;[{ count }] = (await client.query<{ count: string }>(`SELECT count(*) AS count FROM public.${table}`)).rows as [
        { count: string },
      ]
    })
    await truncation
    expect([count, await sql(`SELECT FROM ${table}`)]).toEqual(['1', []])
  },
)

test('a table that stays locked is not waited for, and its connection not used again', async () => {
  const { connect, database, reading } = await readable()
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const read = inSnapshot(database, { ...reading, lockTimeoutMs: 50 }, async () => {})
  await expect(read).rejects.toBeInstanceOf(OverloadError)
  await locker.query('ROLLBACK')
  await inSnapshot(database, reading, async (client) => {
    expect((await client.query('SELECT FROM public.items')).rowCount).toBe(1)
  })
  expect(database.idleCount).toBe(1)
})

test('a subset of a table that stays locked is answered with 503', { timeout: 30_000 }, async () => {
  const { server, connect } = await readable()
  const subset = { table: 'items', offset: '-1', log: 'changes_only', subset__order_by: 'id', subset__limit: '1' }
  expect((await ask(server, subset)).status).toBe(200)
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const { status, headers, json } = await ask(server, subset)
  expect([status, json]).toEqual([503, { code: 'overloaded', message: 'A table is locked' }])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a clause about a table that stays locked is answered: the server has too much to do to wait', async () => {
  const { server, connect } = await readable()
  await ask(server, { table: 'items', offset: '-1' })
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const reply = await ask(server, { table: 'items', offset: '-1', where: 'id = 1' })
  expect(reply.status).toBe(503)
  expect(reply.json).toMatchObject({ message: 'A table is locked' })
  expect(reply.headers.get('retry-after')).toBe('5')
})
