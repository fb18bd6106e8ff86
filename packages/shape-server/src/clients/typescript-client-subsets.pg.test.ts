import { Shape } from '@electric-sql/client'
import { expect, test } from 'vitest'
import { byId, follow, openStream } from '../testing/client-stream.ts'
import { eventually, startHarness } from '../testing/harness.ts'
import { seededRandom } from '../testing/seeded-random.ts'

test.each(['GET', 'POST'] as const)(
  'a Shape of changes only takes in the subsets it asks for by %s',
  async (method) => {
    const { server, sql } = await startHarness(
      `CREATE TABLE items (id int PRIMARY KEY, title text, n int, done boolean);
     INSERT INTO items SELECT id, 'title ' || id, id % 10, id % 2 = 0 FROM generate_series(1, 100) id`,
    )
    const { stream, requests } = openStream(server.url, {}, { log: 'changes_only', subsetMethod: method })
    const shape = new Shape(stream)
    expect(await shape.rows).toEqual([])

    await shape.requestSnapshot({ where: 'n = $1', params: { '1': '3' }, orderBy: 'id DESC', limit: 3 })
    await eventually(() => expect(byId(shape).map(({ id }) => id)).toEqual([73, 83, 93]))
    await sql('UPDATE items SET title = $1 WHERE id = 83', ['changed'])
    await sql('DELETE FROM items WHERE id = 73')
    await sql(`INSERT INTO items VALUES (101, 'new', 3, true)`)
    await eventually(() =>
      expect(byId(shape).map(({ id, title }) => [id, title])).toEqual([
        [83, 'changed'],
        [93, 'title 93'],
        [101, 'new'],
      ]),
    )
    await shape.requestSnapshot({ where: 'id = ANY($1) OR title ILIKE $2', params: { '1': '{1,2}', '2': 'TITLE 5_' } })
    await eventually(() => expect(shape.currentRows).toHaveLength(15))
    expect(byId(shape)[0]).toEqual({ id: 1, title: 'title 1', n: 1, done: false })
    expect(requests.filter((request) => request.method === 'POST')).toHaveLength(method === 'POST' ? 2 : 0)
  },
)

test('subsets and writes that cross each other end with what the table has', async () => {
  const { server, sql } = await startHarness(
    `CREATE TABLE items (id int PRIMARY KEY, title text, n int, done boolean);
     INSERT INTO items SELECT id, 'title', 0, false FROM generate_series(1, 50) id`,
  )
  const shape = follow(server.url, {}, { log: 'changes_only' })
  await shape.rows
  const random = seededRandom(7)
  const asked: Promise<void>[] = []
  for (let round = 0; round < 60; round += 1) {
    const from = 1 + random.integer(50)
    if (round % 6 === 0) asked.push(shape.requestSnapshot({ where: `id BETWEEN ${from} AND ${from + 15}` }))
    if (random.chance(0.2)) await sql('DELETE FROM items WHERE id = $1', [from])
    else
      await sql(`INSERT INTO items VALUES ($1, 'new', 0, true) ON CONFLICT (id) DO UPDATE SET n = items.n + 1`, [from])
  }
  await Promise.all(asked)
  await shape.requestSnapshot({ where: 'true' })
  const rows = (await sql('SELECT id, title, n FROM items ORDER BY id')).map(({ id, title, n }) => [id, title, n])
  await eventually(() => expect(byId(shape).map(({ id, title, n }) => [String(id), title, String(n)])).toEqual(rows))
})
