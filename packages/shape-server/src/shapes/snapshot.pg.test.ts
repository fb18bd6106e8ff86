import { expect, test } from 'vitest'
import { openDatabase } from '../database.ts'
import type { LogLine } from '../log.ts'
import { cleanUp, startHarness } from '../testing/harness.ts'
import { ask } from '../testing/shape-reader.ts'
import { messagesIn, openTestStorage } from '../testing/test-storage.ts'
import { defineShape } from './define-shape.ts'
import { DefinitionChangedError } from './definition-errors.ts'
import { Shape } from './shape.ts'
import { takeSnapshot } from './snapshot.ts'
import type { SnapshotJoin } from './snapshot-join.ts'

/** A shape whose snapshot has not been taken yet. */
async function defined(setup: string, isGivenUp = () => false) {
  const { databaseUrl, sql } = await startHarness(setup)
  const database = openDatabase(databaseUrl, () => {})
  cleanUp(() => database.end())
  const definition = await defineShape(database, {
    table: 'items',
    where: undefined,
    params: [],
    columns: undefined,
    replica: 'default',
    log: 'full',
  })
  const storage = await openTestStorage()
  const folder = storage.create('1-1', () => {})
  const { pressure } = storage
  const shape = new Shape({ definition, folder, pressure, onRotated: () => {} })
  shape.begin()
  const joins: SnapshotJoin[] = []
  const join = (begun: SnapshotJoin) => {
    joins.push(begun)
    shape.join(begun)
  }
  const task = { definition, folder, begin: () => () => true, join, isGivenUp }
  const take = (isAcceptable = () => true, chunkBytes?: number) =>
    takeSnapshot(database, task, isAcceptable, chunkBytes)
  return { sql, database, shape, joins, take }
}

test('a table that changes between the definition and the snapshot is noticed', async () => {
  const { sql, take, joins } = await defined('CREATE TABLE items (id int PRIMARY KEY)')
  await sql('ALTER TABLE items ADD COLUMN n int')
  await expect(take()).rejects.toThrow('the columns have changed')
  await sql('DROP TABLE items')
  await expect(take()).rejects.toThrow(DefinitionChangedError)
  expect(joins).toEqual([])
})

test('large rows come in chunks, the first of which can be read before the last is written', async () => {
  const { shape, take } = await defined(`
    CREATE TABLE items (id int PRIMARY KEY, t text);
    INSERT INTO items SELECT id, repeat('é', 5000) FROM generate_series(1, 200) id`)
  const taken = take(undefined, 100_000)
  expect((await messagesIn((await shape.log.readStart()).messages)).length).toBeGreaterThan(5)
  await taken
  let offset = { lsn: 0n, op: -1 }
  const ids: unknown[] = []
  for (let chunks = 0; ; chunks += 1) {
    const page = await shape.log.readAfter(offset)
    if (page.reachesEnd) {
      expect(chunks).toBeGreaterThan(10)
      break
    }
    for (const { value, headers } of await messagesIn(page.messages)) ids.push(value?.id ?? headers.control)
    offset = page.next
  }
  expect(ids).toEqual([...Array.from({ length: 200 }, (_, index) => String(index + 1)), 'snapshot-end'])
})

test('a snapshot that nobody wants any more is not read to its end, and its connection not used again', async () => {
  const { database, take } = await defined(
    `CREATE TABLE items (id int PRIMARY KEY, t text);
     INSERT INTO items SELECT id, repeat('x', 1000) FROM generate_series(1, 20000) id`,
    () => true,
  )
  await expect(take()).rejects.toThrow('given up')
  const { rows } = await database.query('SELECT 1 AS one')
  expect(rows).toEqual([{ one: '1' }])
  expect(database.idleCount).toBe(1)
})

test('the row on which a clause fails is told to the client, and not to the log', async () => {
  const lines: LogLine[] = []
  const setup = `CREATE TABLE items (id int PRIMARY KEY, note text); INSERT INTO items VALUES (1, 'private')`
  const { server } = await startHarness(setup, { log: (line) => lines.push(line) })
  const { status, json } = await ask(server, { table: 'items', where: 'note::int > 0', offset: '-1' })
  expect([status, JSON.stringify(json)]).toEqual([400, expect.stringContaining('private')])
  expect(lines).toContainEqual(expect.objectContaining({ message: 'snapshot failed' }))
  expect(JSON.stringify(lines)).not.toContain('private')
})
