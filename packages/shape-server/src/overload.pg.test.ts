import { expect, test } from 'vitest'
import { eventually, startHarness } from './testing/harness.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text);
  INSERT INTO items VALUES (1, 'one')`
const SNAPSHOT = { table: 'items', offset: '-1' }

test('beyond the limit of first requests clients are told to come again, and the others are served', async () => {
  const { server, connect } = await startHarness(ITEMS, { requestLimits: { initial: 2 } })
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const requests = [1, 2, 3].map(() => ask(server, SNAPSHOT))
  const first = await Promise.race(requests)
  expect([first.status, first.json]).toEqual([
    503,
    { code: 'overloaded', message: expect.stringContaining('2 initial') },
  ])
  expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(first.headers.get('electric-internal-known-error')).toBe('true')
  expect(first.headers.get('cache-control')).toBe('no-store')

  await locker.query('COMMIT')
  expect((await Promise.all(requests)).map(({ status }) => status).sort()).toEqual([200, 200, 503])
  expect((await ask(server, SNAPSHOT)).status).toBe(200)
})

test('who gave up makes room', async () => {
  const { server, connect } = await startHarness(ITEMS, { requestLimits: { initial: 1 } })
  const locker = await connect()
  await locker.query('BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE')
  const aborter = new AbortController()
  const given = ask(server, SNAPSHOT, { signal: aborter.signal })
  await eventually(async () => expect((await ask(server, { table: 'nothing', offset: '-1' })).status).toBe(503))
  aborter.abort()
  await expect(given).rejects.toThrow()
  await eventually(async () => expect((await ask(server, { table: 'nothing', offset: '-1' })).status).toBe(400))
})

test('any number may wait for a change', async () => {
  const { server, sql } = await startHarness(ITEMS, { requestLimits: { existing: 1 } })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = { table: 'items', handle: reader.handle, offset: reader.offset, live: 'true' }
  const waiting = Array.from({ length: 50 }, () => ask(server, live))
  await sql(`INSERT INTO items VALUES (2, 'two')`)
  const replies = await Promise.all(waiting)
  expect(new Set(replies.map(({ status, messages }) => `${status} ${messages.length}`))).toEqual(new Set(['200 2']))
})
