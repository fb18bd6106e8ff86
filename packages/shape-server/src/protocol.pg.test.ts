import { expect, test } from 'vitest'
import { eventually, startHarness } from './testing/harness.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int);
  INSERT INTO items VALUES (1, 'one', 1), (2, 'two', 2)`
const SNAPSHOT = { table: 'items', offset: '-1' }

const mustRefetch = [{ headers: { control: 'must-refetch' } }]

test('a live request is answered by the commit that concerns it, and not by another', async () => {
  const { server, sql } = await startHarness(ITEMS, { liveTimeoutMs: 15_000 })
  const reader = await new ShapeReader(server, { table: 'items', where: 'n > 1' }).catchUp()
  let isAnswered = false
  const live = reader.next({ live: 'true' }).finally(() => {
    isAnswered = true
  })
  const other = await new ShapeReader(server, { table: 'items' }).catchUp()
  await sql('UPDATE items SET title = $1 WHERE id = 1', ['uno'])
  await other.next({ live: 'true' })
  expect(isAnswered).toBe(false)

  await sql('UPDATE items SET title = $1 WHERE id = 2', ['due'])
  const { messages, headers } = await live
  expect(messages.map(({ value }) => value)).toEqual([{ id: '2', title: 'due' }, undefined])
  // It claims no more than it carries.
  expect(messages.at(-1)?.headers.global_last_seen_lsn).toBe(headers.get('electric-offset')?.split('_')[0])
})

test('a live request without news ends after its time with an up-to-date', async () => {
  const { server } = await startHarness(ITEMS, { liveTimeoutMs: 50 })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const { messages, headers } = await reader.next({ live: 'true' })
  expect(messages.map(({ headers: { control } }) => control)).toEqual(['up-to-date'])
  expect([headers.get('electric-has-data'), headers.get('electric-offset')]).toEqual(['false', '0_inf'])
  expect(Number(headers.get('electric-cursor'))).toBeGreaterThan(0)
})

test('the position of an idle shape advances with writes to other tables, published or not', async () => {
  const { server, sql } = await startHarness(`${ITEMS}; CREATE TABLE other (id int)`)
  const position = async () => {
    const reader = new ShapeReader(server, { table: 'items' })
    await reader.next()
    const { messages } = await reader.next()
    return BigInt(String(messages.at(-1)?.headers.global_last_seen_lsn))
  }
  const before = await position()
  const [{ lsn } = {}] = await sql(`INSERT INTO other VALUES (1) RETURNING pg_current_wal_insert_lsn() - '0/0' AS lsn`)
  expect(BigInt(lsn ?? 0)).toBeGreaterThan(before)
  await eventually(async () => expect(await position()).toBeGreaterThanOrEqual(BigInt(lsn ?? 0)))
})

test('what Postgres keeps for the stream is acknowledged, also when no shape changes', async () => {
  const { sql } = await startHarness(`${ITEMS}; CREATE TABLE other (id int)`)
  const [{ lsn } = {}] = await sql('INSERT INTO other VALUES (1) RETURNING pg_current_wal_insert_lsn() AS lsn')
  await eventually(async () => {
    const [slot] = await sql(
      `SELECT confirmed_flush_lsn > $1 AS "isAcknowledged", temporary FROM pg_replication_slots WHERE database = current_database()`,
      [lsn],
    )
    expect(slot).toEqual({ isAcknowledged: 't', temporary: 't' })
  })
})

test('a handle that is unknown or of another definition is sent to the right one', async () => {
  const { server } = await startHarness(ITEMS)
  const { headers } = await ask(server, SNAPSHOT)
  const handle = headers.get('electric-handle') ?? ''
  const unknown = await ask(server, { table: 'items', offset: '0_0', handle: 'nonsense' })
  expect([unknown.status, unknown.json, unknown.headers.get('electric-handle')]).toEqual([409, mustRefetch, handle])
  const others: Record<string, string>[] = [
    { where: 'n > 1' },
    { columns: 'id' },
    { replica: 'full' },
    { log: 'changes_only' },
  ]
  for (const other of others) {
    const reply = await ask(server, { table: 'items', offset: '0_0', handle, ...other })
    expect([reply.status, reply.headers.get('electric-handle') === handle]).toEqual([409, false])
  }
  const spaced = await ask(server, { ...SNAPSHOT, where: ' n   >  1 ' })
  expect(spaced.headers.get('electric-handle')).toBe(
    (await ask(server, { ...SNAPSHOT, where: 'n > 1' })).headers.get('electric-handle'),
  )
})

test('TRUNCATE ends a waiting request with the handle of the successor, which starts empty', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = ask(server, { table: 'items', offset: reader.offset, handle: reader.handle, live: 'true' })
  await sql('TRUNCATE items')
  const reply = await live
  expect([reply.status, reply.json]).toEqual([409, mustRefetch])
  const next = await new ShapeReader(server, { table: 'items' }).catchUp()
  expect(next.handle).toBe(reply.headers.get('electric-handle'))
  expect(next.handle).not.toBe(reader.handle)
  expect(next.rows.size).toBe(0)
})

test('a new column rotates a shape of all columns at the next write', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const chosen = await new ShapeReader(server, { table: 'items', columns: 'id,title' }).catchUp()
  await sql('ALTER TABLE items ADD COLUMN extra text')
  await sql(`INSERT INTO items VALUES (3, 'three', 3, 'x')`)
  await eventually(async () => {
    const reply = await ask(server, { table: 'items', offset: reader.offset, handle: reader.handle })
    expect(reply.status).toBe(409)
  })
  expect((await new ShapeReader(server, { table: 'items' }).catchUp()).rows.get('"public"."items"/"3"')).toEqual({
    id: '3',
    title: 'three',
    n: '3',
    extra: 'x',
  })
  expect((await chosen.catchUp()).rows.get('"public"."items"/"3"')).toEqual({ id: '3', title: 'three' })
})

test('a dropped table is noticed, and one of the same name is another shape', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  await sql('DROP TABLE items')
  await eventually(async () => {
    const { status, json } = await ask(server, SNAPSHOT)
    expect([status, json]).toMatchObject([400, { errors: { table: [expect.stringContaining('does not exist')] } }])
  })
  await sql('CREATE TABLE items (id int PRIMARY KEY)')
  expect((await ask(server, { table: 'items', offset: '0_0', handle: reader.handle })).status).toBe(409)
})

test('large values that an update does not touch are unchanged, and whole where the whole row is sent', async () => {
  const { server, sql } = await startHarness(`
    CREATE TABLE items (id int PRIMARY KEY, n int, large text);
    ALTER TABLE items ALTER COLUMN large SET STORAGE EXTERNAL;
    INSERT INTO items VALUES (1, 1, repeat('x', 20000))`)
  const small = await new ShapeReader(server, { table: 'items' }).catchUp()
  const full = await new ShapeReader(server, { table: 'items', replica: 'full' }).catchUp()
  await sql('UPDATE items SET n = 2')
  await eventually(async () => expect((await small.catchUp()).changes).toHaveLength(2))
  expect(small.changes[1]?.value).toEqual({ id: '1', n: '2' })
  await full.catchUp()
  expect(full.changes[1]).toMatchObject({ value: { large: 'x'.repeat(20_000) }, old_value: { n: '1' } })
})

test('the tables of a shape are published with their whole old rows, partitions through their parent', async () => {
  const { server, sql } = await startHarness(`
    CREATE TABLE parts (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);
    CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10);
    INSERT INTO parts VALUES (1, 1)`)
  const reader = await new ShapeReader(server, { table: 'parts' }).catchUp()
  expect(reader.rows.size).toBe(1)
  await sql('UPDATE parts SET n = 2')
  await eventually(async () =>
    expect((await reader.catchUp()).rows.get('"public"."parts"/"1"')).toEqual({ id: '1', n: '2' }),
  )
  expect(await sql(`SELECT relreplident FROM pg_class WHERE relname = 'parts_low'`)).toEqual([{ relreplident: 'f' }])
})

test('with a secret only those who know it may read, and nothing else changes', async () => {
  const { server } = await startHarness(ITEMS, { secret: 'hush' })
  expect((await ask(server, SNAPSHOT)).status).toBe(401)
  expect((await ask(server, { ...SNAPSHOT, secret: 'hus' })).status).toBe(401)
  expect((await ask(server, { ...SNAPSHOT, secret: 'hush' })).status).toBe(200)
  expect((await ask(server, { ...SNAPSHOT, api_secret: 'hush' })).status).toBe(200)
  expect((await ask(server, { table: 'items' }, { method: 'DELETE' })).status).toBe(401)
  expect((await fetch(`${server.url}/v1/health`)).status).toBe(200)
})

test.each<[string, Record<string, string>, unknown]>([
  ['no offset', { table: 'items' }, { offset: ["can't be blank"] }],
  ['a bad offset and a bad mode', { offset: 'x', log: 'y' }, { offset: ['has invalid format'], log: ['is invalid'] }],
  ['an offset without handle', { table: 'items', offset: '0_0' }, { handle: ["can't be blank when offset != -1"] }],
  ['live from the start', { ...SNAPSHOT, live: 'true' }, { live: ["can't be true when offset == -1"] }],
  ['no table', { offset: '-1' }, { table: ["can't be blank"] }],
  ['columns without the key', { ...SNAPSHOT, columns: 'title' }, { columns: [expect.stringContaining('missing: id')] }],
  ['a where that does not parse', { ...SNAPSHOT, where: 'n = = 1' }, { where: [expect.any(String)] }],
  [
    'a subquery',
    { ...SNAPSHOT, where: 'n IN (SELECT 1)' },
    {
      where: [
        'a subquery is supported as column [NOT] IN (SELECT column FROM table [WHERE …]), beside AND, OR and NOT',
      ],
    },
  ],
  [
    'a gap in params',
    { ...SNAPSHOT, where: 'n = $2', 'params[2]': '1' },
    { params: [expect.stringContaining('sequentially')] },
  ],
])('names the parameter that is wrong: %s', async (_, query, errors) => {
  const { server } = await startHarness(ITEMS)
  const { status, json, headers } = await ask(server, query)
  expect([status, json]).toEqual([400, { message: 'Invalid request', errors }])
  expect(headers.get('cache-control')).toBe('no-store')
})

test('an answer that the client has is not sent again', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const first = await ask(server, SNAPSHOT)
  const query = { table: 'items', offset: '0_0', handle: first.headers.get('electric-handle') ?? '' }
  const etag = (await ask(server, query)).headers.get('etag') ?? ''
  const again = await ask(server, query, { headers: { 'if-none-match': `"other", ${etag}` } })
  expect([again.status, again.json, again.headers.get('electric-offset')]).toEqual([304, undefined, '0_inf'])
  await sql('DELETE FROM items')
  await eventually(async () => {
    const changed = await ask(server, query, { headers: { 'if-none-match': etag } })
    expect([changed.status, changed.messages.length]).toEqual([200, 3])
  })
})

test('shapes are deleted only where that was switched on', async () => {
  const { server } = await startHarness(ITEMS)
  const query = { table: 'items' }
  expect((await ask(server, query, { method: 'DELETE' })).status).toBe(405)
  const { server: open } = await startHarness(ITEMS, { allowShapeDeletion: true })
  const reader = await new ShapeReader(open, query).catchUp()
  expect((await ask(open, query, { method: 'DELETE' })).status).toBe(202)
  expect((await ask(open, query, { method: 'DELETE' })).status).toBe(404)
  expect((await ask(open, { ...query, offset: reader.offset, handle: reader.handle })).status).toBe(409)
})
