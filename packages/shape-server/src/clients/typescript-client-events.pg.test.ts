import { Shape } from '@electric-sql/client'
import { expect, test } from 'vitest'
import { byId, follow, openStream, type SentRequest } from '../testing/client-stream.ts'
import { cleanUp, eventually, startHarness } from '../testing/harness.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text, n int, done boolean);
  INSERT INTO items VALUES (1, 'one', 1, true), (2, 'two', 2, false)`

test('a Shape over server-sent events stays live on one request', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const { stream, requests } = openStream(server.url, {}, { liveSse: true })
  const shape = new Shape(stream)
  expect(await shape.rows).toHaveLength(2)
  for (let id = 3; id < 8; id += 1) {
    await sql(`BEGIN; INSERT INTO items VALUES (${id}, 'row', ${id}, null); UPDATE items SET n = n + 1; COMMIT`)
    await eventually(() => expect(shape.currentRows).toHaveLength(id))
  }
  expect(byId(shape).map(({ n }) => n)).toEqual([6, 7, 8, 8, 8, 8, 8])
  expect(requests.filter(({ query }) => query.get('live_sse') === 'true')).toHaveLength(1)
})

test('a Shape over server-sent events starts again after TRUNCATE', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const shape = follow(server.url, {}, { liveSse: true })
  expect(await shape.rows).toHaveLength(2)
  await sql('TRUNCATE items')
  await sql(`INSERT INTO items VALUES (9, 'nine', 9, true)`)
  await eventually(() => expect(shape.currentRows.map(({ id }) => id)).toEqual([9]))
})

test('a Shape whose event streams break at once goes on with long polling', { timeout: 60_000 }, async () => {
  const { server, sql } = await startHarness(ITEMS)
  // As a proxy does that cannot stream.
  const cut: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response
    await response.body?.cancel()
    return new Response('', { status: response.status, headers: response.headers })
  }
  const { stream, requests } = openStream(server.url, {}, { liveSse: true, fetchClient: cut })
  const shape = new Shape(stream)
  await shape.rows
  const isPolling = ({ query }: SentRequest) => query.has('live') && !query.has('live_sse')
  const inserting = setInterval(() => void sql('UPDATE items SET n = n + 1'), 200)
  cleanUp(async () => clearInterval(inserting))
  await eventually(() => expect(requests.some(isPolling)).toBe(true), 40_000)
  clearInterval(inserting)
  await sql('UPDATE items SET n = 1000')
  await eventually(() => expect(shape.currentRows.map(({ n }) => n)).toEqual([1000, 1000]))
})
