import { expect, test } from 'vitest'
import { loadTable } from './catalog/table.ts'
import { isSameTable, readTableStates } from './catalog/table-state.ts'
import type { LogLine } from './log.ts'
import { eventually, type Harness, startHarness } from './testing/harness.ts'
import { keepShapes } from './testing/kept-shapes.ts'
import { ask, type Reply, ShapeReader } from './testing/shape-reader.ts'

const PARTS = `
  CREATE TABLE parts (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
  CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10);
  CREATE TABLE mid PARTITION OF parts FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
  CREATE TABLE mid_low PARTITION OF mid FOR VALUES FROM (10) TO (15);
  INSERT INTO parts VALUES (1, 1), (11, 1)`

const refusal = (field: string, root = '"public"."parts"') => ({
  status: 400,
  json: { errors: { [field]: [expect.stringContaining(`ask for ${root}`)] } },
})
const n = (reader: ShapeReader) => [...reader.rows.values()].map((row) => row.n)
/** What somebody gets who goes on from where the reader is. */
const goOn = (server: Harness['server'], table: string, { handle, offset }: ShapeReader) =>
  ask(server, { table, handle, offset })

test('a partition is followed by itself while nothing that it is part of is', async () => {
  const { server, sql } = await startHarness(PARTS)
  const low = await new ShapeReader(server, { table: 'low' }).catchUp()
  const midLow = await new ShapeReader(server, { table: 'mid_low' }).catchUp()
  await sql('UPDATE parts SET n = 2')
  await eventually(async () => expect([n(await low.catchUp()), n(await midLow.catchUp())]).toEqual([['2'], ['2']]))
})

test('a partition of a table that is followed is refused with the name of that table', async () => {
  const { server } = await startHarness(`${PARTS}; CREATE TABLE plain (id int PRIMARY KEY)`)
  await new ShapeReader(server, { table: 'mid' }).catchUp()
  expect(await ask(server, { table: 'mid_low', offset: '-1' })).toMatchObject(refusal('table', '"public"."mid"'))
  await new ShapeReader(server, { table: 'parts' }).catchUp()
  for (const table of ['low', 'mid', 'mid_low']) {
    expect(await ask(server, { table, offset: '-1' })).toMatchObject(refusal('table'))
  }
  const where = 'id IN (SELECT id FROM low)'
  expect(await ask(server, { table: 'plain', where, offset: '-1' })).toMatchObject(refusal('where'))
})

test('readers of partitions are sent away when the whole table is followed', async () => {
  const { server, sql } = await startHarness(`${PARTS}; CREATE TABLE plain (id int PRIMARY KEY, n int)`)
  // It was no partition yet when it was asked for.
  const plain = await new ShapeReader(server, { table: 'plain' }).catchUp()
  await sql('ALTER TABLE parts ATTACH PARTITION plain FOR VALUES FROM (20) TO (30)')
  const low = await new ShapeReader(server, { table: 'low' }).catchUp()
  const midLow = await new ShapeReader(server, { table: 'mid_low' }).catchUp()
  const waiting = low.next({ live: 'true' })
  waiting.catch(() => {})
  const parts = await new ShapeReader(server, { table: 'parts' }).catchUp()
  // At once, not when the tables are looked at the next time.
  expect(await goOn(server, 'low', low)).toMatchObject(refusal('table'))
  expect(await goOn(server, 'mid_low', midLow)).toMatchObject(refusal('table'))
  expect(await goOn(server, 'plain', plain)).toMatchObject(refusal('table'))
  await expect(waiting).rejects.toThrow(/status (409|400)/)
  await sql('UPDATE parts SET n = 2')
  await eventually(async () => expect(n(await parts.catchUp())).toEqual(['2', '2']))
})

test.each([
  ['low', 'parts'],
  ['parts', 'low'],
])('of a partition and the whole table asked for at once only the table is followed (%s first)', async (...order) => {
  const { server, connect, sql } = await startHarness(PARTS)
  // So that there is nothing left to do for the partition.
  await new ShapeReader(server, { table: 'low', where: 'n = 7' }).catchUp()
  const writer = await connect()
  await writer.query('BEGIN; UPDATE low SET n = 2')
  const asked: Promise<Reply>[] = []
  for (const table of order) {
    asked.push(ask(server, { table, offset: '-1' }))
    await eventually(async () => expect(await waitingForLocks(sql)).toBe(asked.length))
  }
  await writer.query('COMMIT')
  const [first, second] = await Promise.all(asked)
  const [part, whole] = order[0] === 'low' ? [first, second] : [second, first]
  expect([whole?.status, [200, 400].includes(part?.status ?? 0)]).toEqual([200, true])
  expect(await ask(server, { table: 'low', offset: '-1' })).toMatchObject(refusal('table'))
  if (part?.status !== 200) return
  const handle = part.headers.get('electric-handle') ?? ''
  const offset = part.headers.get('electric-offset') ?? ''
  expect(await ask(server, { table: 'low', handle, offset })).toMatchObject(refusal('table'))
})

test.each([
  ['that was attached', 'ALTER TABLE parts ATTACH PARTITION other FOR VALUES FROM (20) TO (30)', 'parts'],
  ['whose root was published by somebody else', 'ALTER PUBLICATION landfall_shapes ADD TABLE ONLY trunk', 'trunk'],
])('a partition %s has no reader after a moment', async (_, statement, root) => {
  const { server, sql } = await startHarness(`${PARTS};
    CREATE TABLE trunk (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
    CREATE TABLE other (id int PRIMARY KEY, n int)`)
  if (root === 'trunk') await sql('ALTER TABLE trunk ATTACH PARTITION other FOR VALUES FROM (20) TO (30)')
  await new ShapeReader(server, { table: 'parts' }).catchUp()
  const other = await new ShapeReader(server, { table: 'other' }).catchUp()
  await sql(statement)
  await eventually(async () => {
    expect(await goOn(server, 'other', other)).toMatchObject(refusal('table', `"public"."${root}"`))
  })
})

test('a stored shape of a partition ends when the whole table was published while the server was away', async () => {
  const { sql, start } = await keepShapes(PARTS)
  const first = await start()
  const low = await new ShapeReader(first, { table: 'low' }).catchUp()
  const midLow = await new ShapeReader(first, { table: 'mid_low' }).catchUp()
  await first.stop()
  const second = await start()
  await eventually(async () => expect((await goOn(second, 'mid_low', midLow)).status).toBe(200))
  await second.stop()
  await sql('ALTER PUBLICATION landfall_shapes ADD TABLE ONLY parts')
  const lines: LogLine[] = []
  const third = await start({ log: (line) => lines.push(line) })
  // Before that nothing is answered.
  const reply = await eventually(async () => {
    const answer = await goOn(third, 'low', low)
    expect(answer.status).not.toBe(503)
    return answer
  })
  expect(reply).toMatchObject(refusal('table'))
  const dropped = lines.filter(({ message }) => message === 'stored shape dropped')
  expect(dropped.map(({ handle }) => handle).sort()).toEqual([low.handle, midLow.handle].sort())
})

test('a table whose rows were only moved to another file is the same, but not one with a partition that was', async () => {
  const { connect } = await startHarness(`${PARTS}; CREATE TABLE plain (id int PRIMARY KEY)`)
  const session = await connect()
  const isSameAfter = async (table: string, statement: string) => {
    const before = await loadTable(session, { schema: 'public', table })
    await session.query(statement)
    const state = before && (await readTableStates(session, 'landfall_shapes', [before.oid])).get(before.oid)
    return state && isSameTable(state, before)
  }
  expect(await isSameAfter('plain', 'VACUUM FULL plain')).toBe(true)
  expect(await isSameAfter('plain', 'TRUNCATE plain')).toBe(true)
  expect(await isSameAfter('parts', 'VACUUM parts')).toBe(true)
  expect(await isSameAfter('parts', 'VACUUM FULL low')).toBe(false)
  expect(await isSameAfter('parts', 'TRUNCATE mid_low')).toBe(false)
})

async function waitingForLocks(sql: Harness['sql']): Promise<number> {
  const [row] = await sql(
    'SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
  )
  return Number(row?.count)
}
