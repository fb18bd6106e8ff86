import { Shape, ShapeStream } from '@electric-sql/client'
import { expect, test } from 'vitest'
import { cleanUp, eventually, startHarness } from './testing/harness.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int, done boolean);
  INSERT INTO items VALUES (1, 'one', 1, true), (2, 'two', 2, false)`

function follow(url: string, params: Record<string, string | Record<string, string>>) {
  const aborter = new AbortController()
  cleanUp(async () => aborter.abort())
  return new Shape(
    new ShapeStream({ url: `${url}/v1/shape`, params: { table: 'items', ...params }, signal: aborter.signal }),
  )
}

test('a Shape of the TypeScript client gets the rows and stays live', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const shape = follow(server.url, {})
  expect(await shape.rows).toEqual([
    { id: 1, title: 'one', n: 1, done: true },
    { id: 2, title: 'two', n: 2, done: false },
  ])

  await sql(`INSERT INTO items VALUES (3, 'three', null, false)`)
  await sql(`UPDATE items SET title = 'uno' WHERE id = 1`)
  await sql('DELETE FROM items WHERE id = 2')
  await eventually(() =>
    expect(shape.currentRows).toEqual([
      { id: 1, title: 'uno', n: 1, done: true },
      { id: 3, title: 'three', n: null, done: false },
    ]),
  )
})

test('a Shape follows rows into and out of its where clause', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const shape = follow(server.url, { where: 'n > $1', params: { '1': '1' } })
  expect((await shape.rows).map(({ id }) => id)).toEqual([2])

  await sql('UPDATE items SET n = n + 1')
  await eventually(() =>
    expect(shape.currentRows.map(({ id, n }) => [id, n]).sort()).toEqual([
      [1, 2],
      [2, 3],
    ]),
  )
  await sql('UPDATE items SET n = null WHERE id = 2')
  await eventually(() => expect(shape.currentRows.map(({ id }) => id)).toEqual([1]))
})

test('a Shape starts again by itself after TRUNCATE', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const shape = follow(server.url, {})
  expect(await shape.rows).toHaveLength(2)

  await sql('TRUNCATE items')
  await sql(`INSERT INTO items VALUES (9, 'nine', 9, true)`)
  await eventually(() => expect(shape.currentRows.map(({ id }) => id)).toEqual([9]))
})
