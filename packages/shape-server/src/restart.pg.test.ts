import { access, appendFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogLine } from './log.ts'
import { startShapeServer } from './shape-server.ts'
import { eventually } from './testing/harness.ts'
import { keepShapes } from './testing/kept-shapes.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const LONG = { timeout: 60_000 }
const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int);
  INSERT INTO items VALUES (1, 'one', 1), (2, 'two', 2)`

test('handles, offsets and logs are there again, and what was written meanwhile follows', LONG, async () => {
  const { sql, start } = await keepShapes(ITEMS)
  const first = await start()
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  const pinned = await new ShapeReader(first, { table: 'items', where: 'n = $1', 'params[1]': '2' }).catchUp()
  await sql(`UPDATE items SET title = 'uno' WHERE id = 1`)
  await eventually(async () => expect((await reader.catchUp()).changes).toHaveLength(3))
  const { handle, offset } = reader
  await first.stop()
  await sql(`INSERT INTO items VALUES (3, 'three', 2); DELETE FROM items WHERE id = 2`)

  const second = await start()
  reader.server = second
  pinned.server = second
  await eventually(async () => expect((await reader.catchUp()).changes).toHaveLength(5))
  expect([reader.handle, [...reader.rows.values()].map(({ id }) => id)]).toEqual([handle, ['1', '3']])
  expect([...(await pinned.catchUp()).rows.values()].map(({ id }) => id)).toEqual(['3'])
  const again = await ask(second, { table: 'items', handle, offset: '0_inf' })
  expect([again.status, again.messages[0]?.value]).toEqual([200, { id: '1', title: 'uno' }])
  expect((await ask(second, { table: 'items', handle, offset })).messages).toHaveLength(3)
})

test('the position that clients were told never goes back', LONG, async () => {
  const { sql, start } = await keepShapes(`${ITEMS}; CREATE TABLE other (id int)`)
  const position = async (server: { url: string }) => {
    const reader = new ShapeReader(server, { table: 'items' })
    await reader.next()
    const { messages } = await reader.next()
    return BigInt(String(messages.at(-1)?.headers.global_last_seen_lsn))
  }
  const first = await start()
  await sql('INSERT INTO other VALUES (1)')
  const before = await position(first)
  await first.stop()
  const second = await start()
  // Until it has got there nothing is answered.
  expect(await eventually(() => position(second))).toBeGreaterThanOrEqual(before)
})

test.each([
  ['a table that was dropped', 'DROP TABLE items'],
  ['a table that was made anew', `DROP TABLE items; ${ITEMS}`],
  ['a column that was added', 'ALTER TABLE items ADD COLUMN extra text'],
  ['a column that has another type', 'ALTER TABLE items ALTER COLUMN n TYPE text'],
  ['a key that has changed', 'ALTER TABLE items DROP CONSTRAINT items_pkey, ADD PRIMARY KEY (id, title)'],
  ['a table that is not published any more', 'ALTER PUBLICATION landfall_shapes DROP TABLE items'],
  ['a table without its old rows', 'ALTER TABLE items REPLICA IDENTITY DEFAULT'],
])('a shape does not go on over %s', LONG, async (_, change) => {
  const { sql, start, storageDir } = await keepShapes(ITEMS)
  const first = await start()
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  await first.stop()
  await sql(change)
  const second = await start()
  const { status } = await ask(second, { table: 'items', handle: reader.handle, offset: reader.offset })
  expect([400, 409]).toContain(status)
  expect(await readdir(join(storageDir, 'shapes'))).not.toContain(reader.handle)
})

test('with its own columns a shape goes on when others have changed', LONG, async () => {
  const { sql, start } = await keepShapes(ITEMS)
  const query = { table: 'items', columns: 'id,title' }
  const first = await start()
  const reader = await new ShapeReader(first, query).catchUp()
  const { handle } = reader
  await first.stop()
  await sql(`ALTER TABLE items DROP COLUMN n; INSERT INTO items VALUES (3, 'three')`)
  reader.server = await start()
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(3))
  expect(reader.handle).toBe(handle)
})

test('a damaged folder is dropped with a warning, and the others live on', LONG, async () => {
  const { start, storageDir, sql } = await keepShapes(ITEMS)
  const first = await start()
  const wheres = ['id > 0', 'id > -1', 'id > -2', 'id > -3', 'id > -4']
  const readers = await Promise.all(wheres.map((where) => new ShapeReader(first, { table: 'items', where }).catchUp()))
  await sql('UPDATE items SET n = n + 1')
  for (const reader of readers) await eventually(async () => expect((await reader.catchUp()).changes).toHaveLength(4))
  await first.stop()
  const file = (index: number, name: string) => join(storageDir, 'shapes', readers[index]?.handle ?? '', name)
  await writeFile(file(0, 'shape.json'), '{"sizes":')
  await writeFile(file(1, 'snapshot-0'), 'short')
  await writeFile(file(2, 'shape.json'), '{"sizes":[],"description":{}}')
  // What is only torn is cut off.
  await appendFile(file(3, 'changes.log'), '99999999999_0,{"key":"half of a mess')

  const lines: LogLine[] = []
  const second = await start({ log: (line) => lines.push(line) })
  const statuses = await Promise.all(
    readers.map(async ({ handle, offset }, index) => {
      const where = wheres[index] ?? ''
      return (await ask(second, { table: 'items', where, handle, offset })).status
    }),
  )
  expect(statuses).toEqual([409, 409, 409, 200, 200])
  const dropped = lines.filter(({ message, level }) => message === 'stored shape dropped' && level === 'warn')
  expect(dropped.map(({ handle }) => handle).sort()).toEqual(
    readers
      .slice(0, 3)
      .map(({ handle }) => handle)
      .sort(),
  )
  expect(await readFile(file(3, 'changes.log'), 'utf8')).not.toContain('half of a mess')
})

test('a folder of another format is cleared', LONG, async () => {
  const { start, storageDir } = await keepShapes(ITEMS)
  const first = await start()
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  await first.stop()
  const path = join(storageDir, 'storage.json')
  await writeFile(path, (await readFile(path, 'utf8')).replace('"format":1', '"format":0'))
  const second = await start()
  expect(await readdir(join(storageDir, 'shapes'))).toEqual([])
  expect((await ask(second, { table: 'items', handle: reader.handle, offset: reader.offset })).status).toBe(409)
})

test('a second server on the same folder is refused, and says why', LONG, async () => {
  const { start, storageDir } = await keepShapes(ITEMS)
  const first = await start()
  await expect(start({ streamId: 'other' })).rejects.toThrow(`${storageDir} is in use`)
  expect((await ask(first, { table: 'items', offset: '-1' })).status).toBe(200)
})

test('without a folder nothing is left on disk, and what a killed server has left goes', LONG, async () => {
  const { databaseUrl } = await keepShapes(ITEMS)
  const left = await mkdtemp(join(tmpdir(), 'landfall-shapes-99999999-'))
  const own = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(`landfall-shapes-${process.pid}-`))
  const server = await startShapeServer({ databaseUrl })
  await new ShapeReader(server, { table: 'items' }).catchUp()
  expect(await own()).toHaveLength(1)
  await expect(access(left)).rejects.toThrow()
  await server.stop()
  expect(await own()).toEqual([])
})
