import { expect, test } from 'vitest'
import { startHarness } from './testing/harness.ts'
import { openRawConnection } from './testing/raw-connection.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text);
  INSERT INTO items VALUES (1, 'one')`

test('stopping answers who waits as if their time was over, and ends event streams', async () => {
  const { server, sql } = await startHarness(ITEMS)
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = { table: 'items', handle: reader.handle, offset: reader.offset, live: 'true' }
  const stream = await fetch(`${server.url}/v1/shape?${new URLSearchParams({ ...live, live_sse: 'true' })}`)
  const waiting = Array.from({ length: 20 }, () => ask(server, live))
  // A stream that has told of the change has all the others before it.
  const told = stream.body?.getReader()
  await sql('UPDATE items SET id = id WHERE false')
  await sql(`INSERT INTO items VALUES (2, 'two')`)
  await told?.read()
  await Promise.all(waiting)
  const later = { ...live, offset: (await reader.catchUp()).offset }
  const again = Array.from({ length: 20 }, () => ask(server, later))
  // Whoever was accepted before this one is waiting by now.
  await ask(server, { table: 'items', offset: 'now' })

  const stopped = server.stop()
  for (const { status, messages, headers } of await Promise.all(again)) {
    expect([status, messages.map(({ headers: { control } }) => control)]).toEqual([200, ['up-to-date']])
    expect([headers.get('electric-has-data'), headers.get('electric-offset')]).toEqual(['false', later.offset])
  }
  await stopped
  while ((await told?.read())?.done === false);
  await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow()
})

test('stopping does not wait for a client that does not read, nor for an idle connection', async () => {
  const { server } = await startHarness(`
    CREATE TABLE items (id int PRIMARY KEY, title text);
    INSERT INTO items SELECT id, repeat('x', 1000) FROM generate_series(1, 8000) id`)
  const [deaf, idle] = await Promise.all([openRawConnection(server.url), openRawConnection(server.url)])
  deaf.socket.pause()
  deaf.send('GET /v1/shape?table=items&offset=-1 HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(8))
  idle.send('GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n')
  await new ShapeReader(server, { table: 'items' }).catchUp()
  await server.stop()
  expect(await idle.closed).toMatch(/^HTTP\/1\.1 200 /)
})

test('stopping twice is stopping once', async () => {
  const { server } = await startHarness(ITEMS)
  await Promise.all([server.stop(), server.stop()])
})
