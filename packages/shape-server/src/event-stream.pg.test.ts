import { Shape, ShapeStream } from '@electric-sql/client'
import { expect, test } from 'vitest'
import { cleanUp, eventually, startHarness } from './testing/harness.ts'
import { ShapeReader } from './testing/shape-reader.ts'

const ITEMS = `CREATE TABLE items (id int PRIMARY KEY, n int); INSERT INTO items VALUES (1, 1), (2, 2)`

test('the TypeScript client stays live over server-sent events', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const aborter = new AbortController()
  cleanUp(async () => aborter.abort())
  const requests: string[] = []
  const stream = new ShapeStream({
    url: `${server.url}/v1/shape`,
    params: { table: 'items' },
    liveSse: true,
    signal: aborter.signal,
    fetchClient: (input, init) => {
      requests.push(String(input))
      return fetch(input, init)
    },
  })
  const shape = new Shape(stream)
  expect(await shape.rows).toHaveLength(2)
  for (let id = 3; id < 8; id += 1) {
    await sql('INSERT INTO items VALUES ($1, $1)', [id])
    await eventually(() => expect(shape.currentRows).toHaveLength(id))
  }
  expect(requests.filter((url) => url.includes('live_sse=true'))).toHaveLength(1)
})

test('a stream carries whole transactions, each followed by an up-to-date, and ends with the shape', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const query = { table: 'items', offset: reader.offset, handle: reader.handle, live: 'true', live_sse: 'true' }
  const response = await fetch(`${server.url}/v1/shape?${new URLSearchParams(query)}`)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await sql('UPDATE items SET n = n + 10')
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.endsWith('\n\n') && text.includes('up-to-date')) await sql('TRUNCATE items')
  }
  const events = text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.replace(/^data: /, '')))
  expect(events.map(({ value, headers }) => value ?? headers.control)).toEqual([
    { id: '1', n: '11' },
    { id: '2', n: '12' },
    'up-to-date',
  ])
  expect(events.map(({ headers }) => headers.last)).toEqual([undefined, true, undefined])
  expect(events[2].headers.global_last_seen_lsn).toBe(events[1].headers.lsn)
})

test('a stream that begins behind the end of the log names its beginning, because it may break on the way', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const behind = { table: 'items', offset: reader.offset, handle: reader.handle, live: 'true', live_sse: 'true' }
  await sql('UPDATE items SET n = n + 10')
  await eventually(async () => expect((await reader.catchUp()).offset).not.toBe(behind.offset))
  const response = await fetch(`${server.url}/v1/shape?${new URLSearchParams(behind)}`)
  expect(response.headers.get('electric-offset')).toBe(behind.offset)
  expect(await response.text()).toContain('up-to-date')
})
