import type pg from 'pg'
import { expect, test } from 'vitest'
import { eventually, startHarness } from './testing/harness.ts'
import { seededRandom } from './testing/seeded-random.ts'
import { ShapeReader } from './testing/shape-reader.ts'

const SEED = 20_261_121
const ROWS = 60

/** Writes until told to stop: changes, key changes, savepoints and roll-backs, large values left untouched. */
async function write(client: pg.Client, seed: number, isOver: () => boolean): Promise<void> {
  const random = seededRandom(seed)
  const id = () => random.integer(ROWS)
  const statements = [
    () =>
      `INSERT INTO items VALUES (${id()}, ${random.integer(100)}, repeat(md5('${seed}'), ${random.integer(3) * 100})) ON CONFLICT DO NOTHING`,
    () => `UPDATE items SET n = ${random.integer(100)} WHERE id = ${id()}`,
    () => `UPDATE items SET n = NULL WHERE id = ${id()}`,
    () => `DELETE FROM items WHERE id = ${id()}`,
    () =>
      `UPDATE items SET id = ${id()} + ${ROWS} WHERE id = ${id()} AND NOT EXISTS (SELECT FROM items WHERE id >= ${ROWS})`,
  ]
  while (!isOver()) {
    try {
      await client.query('BEGIN')
      for (let count = 1 + random.integer(4); count > 0; count -= 1) {
        await client.query('SAVEPOINT before')
        await client.query(statements[random.integer(statements.length)]?.() ?? 'SELECT')
        if (random.chance(0.2)) await client.query('ROLLBACK TO before')
      }
      await client.query(random.chance(0.15) ? 'ROLLBACK' : 'COMMIT')
    } catch {
      // Two writers met at the same row or key.
      await client.query('ROLLBACK')
    }
  }
}

test('shapes made amid writes have neither a gap nor a double', { timeout: 60_000 }, async () => {
  const { server, sql, connect } = await startHarness('CREATE TABLE items (id int PRIMARY KEY, n int, t text)')
  let isOver = false
  const clients = await Promise.all([connect(), connect(), connect()])
  // The test server writes its log late; with this, some transactions stream before others that committed earlier are
  // over, and some only after the snapshot that has seen them.
  await clients[0]?.query('SET synchronous_commit = on')
  const writers = clients.map((client, index) => write(client, SEED + index, () => isOver))

  const conditions = ['true', 'n > 50', 'n IS NULL OR n < 20']
  const readers: { reader: ShapeReader; where: string }[] = []
  for (let round = 0; round < 40; round += 1) {
    // Another text for the same condition is another shape, with a snapshot of its own.
    const where = `(${conditions[round % conditions.length]}) AND id > -${round + 10}`
    const reader = new ShapeReader(server, { table: 'items', where, replica: round % 2 ? 'full' : 'default' })
    readers.push({ reader, where })
    await reader.catchUp()
  }
  isOver = true
  await Promise.all(writers)

  await sql(`INSERT INTO items VALUES (-1, 99, 'marker'), (-3, NULL, 'marker')`)
  for (const { reader, where } of readers) {
    await eventually(async () => {
      await reader.catchUp()
      expect([...reader.rows.values()].some(({ t }) => t === 'marker')).toBe(true)
    })
    const expected = await sql(`SELECT * FROM items WHERE ${where} ORDER BY id`)
    const actual = [...reader.rows.values()].sort((a, b) => Number(a.id) - Number(b.id))
    expect(actual, where).toEqual(expected)
  }
})

test('a reader never sees half of a transaction', { timeout: 60_000 }, async () => {
  const { server, connect, sql } = await startHarness(`
    CREATE TABLE accounts (id int PRIMARY KEY, balance int);
    INSERT INTO accounts SELECT id, 100 FROM generate_series(1, 10) id`)
  let isOver = false
  const clients = await Promise.all([connect(), connect()])
  const transfers = clients.map(async (client, index) => {
    const random = seededRandom(SEED + index)
    while (!isOver) {
      const [from, to] = [1 + random.integer(5), 6 + random.integer(5)]
      await client.query(`BEGIN;
        UPDATE accounts SET balance = balance - 7 WHERE id = ${from};
        UPDATE accounts SET balance = balance + 7 WHERE id = ${to};
        COMMIT`)
    }
  })
  const reader = new ShapeReader(server, { table: 'accounts' })
  const total = () => [...reader.rows.values()].reduce((sum, { balance }) => sum + Number(balance), 0)
  while (reader.changes.length < 200) {
    await reader.catchUp()
    expect(total()).toBe(1_000)
  }
  isOver = true
  await Promise.all(transfers)
  expect((await sql('SELECT sum(balance) AS total FROM accounts'))[0]?.total).toBe('1000')

  const changes = reader.changes.filter(({ headers }) => headers.lsn)
  for (const [index, { headers }] of changes.entries()) {
    const next = changes[index + 1]?.headers
    // Each of these transactions has two changes: the second is the last.
    expect(headers.last === true).toBe(next?.lsn !== headers.lsn)
    if (next?.lsn === headers.lsn) expect(Number(next?.op_position)).toBeGreaterThan(Number(headers.op_position))
    else if (next) expect(BigInt(next.lsn ?? 0)).toBeGreaterThan(BigInt(headers.lsn ?? 0))
  }
})

test('the first shape of a table waits for writers whose changes could not be streamed', async () => {
  const { server, sql, connect } = await startHarness('CREATE TABLE items (id int PRIMARY KEY)')
  const writer = await connect()
  await writer.query('BEGIN; INSERT INTO items VALUES (1)')
  const reader = new ShapeReader(server, { table: 'items' })
  const read = reader.catchUp()
  await eventually(async () => {
    const waiting = await sql(`SELECT FROM pg_locks WHERE relation = 'items'::regclass AND NOT granted`)
    expect(waiting).toHaveLength(1)
  })
  await writer.query('COMMIT')
  await read
  expect([...reader.rows.values()]).toEqual([{ id: '1' }])
})

test('a transaction that is open during a later snapshot comes through the stream', async () => {
  const { server, connect } = await startHarness('CREATE TABLE items (id int PRIMARY KEY)')
  await new ShapeReader(server, { table: 'items' }).catchUp()
  const writer = await connect()
  await writer.query('BEGIN; INSERT INTO items VALUES (1)')
  const reader = await new ShapeReader(server, { table: 'items', where: 'id > 0' }).catchUp()
  expect(reader.rows.size).toBe(0)
  await writer.query('COMMIT')
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(1))
  expect(reader.changes).toHaveLength(1)
})
