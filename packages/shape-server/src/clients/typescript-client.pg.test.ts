import { isChangeMessage, type Message, Shape } from '@electric-sql/client'
import { expect, test } from 'vitest'
import { byId, follow, openStream } from '../testing/client-stream.ts'
import { eventually, startHarness } from '../testing/harness.ts'
import { restart, temporaryFolder } from '../testing/restart.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int, done boolean);
  INSERT INTO items VALUES (1, 'one', 1, true), (2, 'two', 2, false)`

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

test('columns, replica and params mean what they say', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const { stream } = openStream(server.url, {
    columns: ['id', 'title'],
    replica: 'full',
    where: 'n > $1 AND title <> $2',
    params: ['0', 'none'],
  })
  const messages: Message[] = []
  stream.subscribe((batch) => {
    messages.push(...batch)
  })
  const shape = new Shape(stream)
  expect(await shape.rows).toEqual([
    { id: 1, title: 'one' },
    { id: 2, title: 'two' },
  ])
  await sql(`UPDATE items SET title = 'uno', done = null WHERE id = 1`)
  await eventually(() =>
    expect(messages.filter(isChangeMessage).at(-1)).toMatchObject({
      value: { id: 1, title: 'uno' },
      old_value: { title: 'one' },
      headers: { operation: 'update' },
    }),
  )
})

test('a Shape that is told to come again comes again', async () => {
  const { server, connect } = await startHarness(ITEMS, { requestLimits: { initial: 1 } })
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const clients = [1, 2, 3].map(() => openStream(server.url, {}))
  const shapes = clients.map(({ stream }) => new Shape(stream))
  const isTurnedAway = () => clients.flatMap(({ requests }) => requests).some(({ status }) => status === 503)
  await eventually(() => expect(isTurnedAway()).toBe(true))
  await locker.query('COMMIT')
  await eventually(() => expect(shapes.map(({ currentRows }) => currentRows.length)).toEqual([2, 2, 2]), 20_000)
})

test.each([
  ['starts again after a restart of the server that keeps nothing', false],
  ['goes on after a restart of the server where it left off', true],
])('a Shape %s', async (_, isKept) => {
  const storageDir = isKept ? await temporaryFolder() : undefined
  const harness = await startHarness(ITEMS, { ...(storageDir && { storageDir }) })
  const { server, sql } = harness
  const clients = [openStream(server.url, {}), openStream(server.url, { where: 'n > 1' }, { liveSse: true })]
  const shapes = clients.map(({ stream }) => new Shape(stream))
  for (const shape of shapes) await shape.rows
  const handles = shapes.map(({ handle }) => handle)
  await restart(harness, () => sql(`INSERT INTO items VALUES (3, 'three', 3, false)`), storageDir)
  await sql(`INSERT INTO items VALUES (4, 'four', 4, false)`)
  const ids = () => shapes.map((shape) => byId(shape).map(({ id }) => id))
  await eventually(
    () =>
      expect(ids()).toEqual([
        [1, 2, 3, 4],
        [2, 3, 4],
      ]),
    30_000,
  )
  const snapshots = clients.map(({ requests }) => requests.filter(({ query }) => query.get('offset') === '-1').length)
  expect(snapshots).toEqual(isKept ? [1, 1] : [2, 2])
  expect(shapes.map(({ handle }, index) => handle === handles[index])).toEqual([isKept, isKept])
})
