import { expect, test } from 'vitest'
import { type Harness, startHarness } from '../testing/harness.ts'
import { openRawConnection } from '../testing/raw-connection.ts'
import { ask, ShapeReader } from '../testing/shape-reader.ts'
import { CONNECTION_LIMITS, MOST_PIPELINED } from './connection-limits.ts'

const ITEMS = `
  CREATE TABLE items (id int PRIMARY KEY, title text);
  INSERT INTO items VALUES (1, 'one'), (2, 'two')`
const SNAPSHOT = '/v1/shape?table=items&offset=-1'

const get = ({ server }: Harness, target: string, init?: RequestInit) => fetch(server.url + target, init)

/** Whatever was asked before, the next one is served. */
async function expectAlive({ server }: Harness): Promise<void> {
  expect((await ask(server, { table: 'items', offset: '-1' })).messages).toHaveLength(3)
}

test.each<[string, string, unknown]>([
  ['percent-encoding that breaks off', '&where=a%', { where: ['has invalid percent-encoding'] }],
  ['bytes that are no UTF-8', '&where=%FF', { where: ['has invalid percent-encoding'] }],
  ['a null byte', '&where=%00', { where: ['must be text without null bytes'] }],
  ['a null byte in a table', '&table=it%00ems', { table: ['must be text without null bytes'] }],
  ['a null byte in a value', '&where=title=$1&params[1]=%00', { 'params[1]': ['must be text without null bytes'] }],
  ['a name of the prototype', '&__proto__=%00', JSON.parse('{"__proto__":["must be text without null bytes"]}')],
  ['a parameter called constructor', '&params[constructor]=1', { params: [expect.stringContaining('numbers')] }],
  ['a parameter called __proto__', '&params[__proto__]=1', { params: [expect.stringContaining('numbers')] }],
  ['a parameter far out', '&params[99999]=1', { params: [expect.stringContaining('sequentially')] }],
  ['an offset beyond all numbers', `&handle=x&offset=${'9'.repeat(5_000)}_0`, { offset: ['has invalid format'] }],
  ['thousands of columns', `&columns=${Array(20_000).fill('id').join(',')}`, { columns: [expect.any(String)] }],
  ['a column called constructor', '&columns=id,constructor', { columns: [expect.any(String)] }],
  ['a table called __proto__', '&table=__proto__', { table: [expect.any(String)] }],
])('refuses %s', async (_, query, errors) => {
  const harness = await startHarness(ITEMS)
  const response = await get(harness, SNAPSHOT + query)
  expect([response.status, await response.json()]).toEqual([400, { message: 'Invalid request', errors }])
  expect(response.headers.get('cache-control')).toBe('no-store')
  await expectAlive(harness)
})

test('the last one of a repeated parameter counts, also for the secret', async () => {
  const harness = await startHarness(ITEMS, { secret: 'hush' })
  const repeated = '/v1/shape?table=nothing&table=items&offset=now&offset=-1'
  expect((await get(harness, `${repeated}&secret=wrong&secret=hush`)).status).toBe(200)
  expect((await get(harness, `${repeated}&secret=hush&secret=wrong`)).status).toBe(401)
})

test('a cursor or a handle may be anything, and leads nowhere', async () => {
  const harness = await startHarness(ITEMS, { liveTimeoutMs: 20 })
  const reader = await new ShapeReader(harness.server, { table: 'items' }).catchUp()
  const live = { table: 'items', offset: reader.offset, live: 'true' }
  for (const cursor of ['__proto__', '-1', '9'.repeat(5_000), 'é', '1e309']) {
    const { status, headers } = await ask(harness.server, { ...live, handle: reader.handle, cursor })
    expect([status, headers.get('electric-cursor')]).toEqual([200, expect.stringMatching(/^\d+$/)])
  }
  for (const handle of ['__proto__', '../../etc/passwd', 'x'.repeat(5_000), `${reader.handle} `, '\r\nset-cookie: a']) {
    const { status, headers } = await ask(harness.server, { ...live, handle })
    expect([status, headers.get('electric-handle')]).toEqual([409, reader.handle])
  }
})

test('targets that are no path are not found', async () => {
  const harness = await startHarness(ITEMS)
  for (const target of [
    '//',
    '*',
    '/v1/shape/../health',
    '/%2e%2e/',
    'http://',
    '/v1/shape\\',
    '/V1/SHAPE?offset=-1',
  ]) {
    const connection = await openRawConnection(harness.server.url)
    connection.send(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    expect(await connection.closed).toMatch(/^HTTP\/1\.1 404 /)
  }
  const connection = await openRawConnection(harness.server.url)
  connection.send('GET http://other/v1/health#?a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 200 /)
})

test('a long where clause fits into the URL, a longer one gets 431, and by POST it fits again', async () => {
  const harness = await startHarness(ITEMS)
  const clause = (bytes: number) => `title <> '${'x'.repeat(bytes)}'`
  const where = (bytes: number) => `&where=${encodeURIComponent(clause(bytes))}`
  expect((await get(harness, SNAPSHOT + where(CONNECTION_LIMITS.maxHeaderSize / 2))).status).toBe(200)

  const tooLong = await get(harness, SNAPSHOT + where(CONNECTION_LIMITS.maxHeaderSize))
  expect([tooLong.status, await tooLong.json()]).toEqual([431, { message: expect.stringContaining('65536 bytes') }])

  const body = JSON.stringify({ subset: { where: clause(CONNECTION_LIMITS.maxHeaderSize) } })
  const posted = await get(harness, SNAPSHOT, { method: 'POST', body })
  expect([posted.status, Object.keys(Object(await posted.json()))]).toEqual([200, ['metadata', 'data']])
})

test.each<[string, string | Uint8Array<ArrayBuffer>, number, unknown]>([
  [
    'is larger than a megabyte',
    `{"where":"${'x'.repeat(1_000_000)}"}`,
    413,
    { error: expect.stringContaining('1000000') },
  ],
  ['is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, { error: 'Request body is not UTF-8' }],
  [
    'is nested without end',
    '['.repeat(400_000),
    400,
    { error: 'Invalid JSON in request body', details: expect.stringContaining('end of input') },
  ],
  [
    'has a null byte',
    '{"where":"\\u0000"}',
    400,
    { message: 'Invalid request', errors: { subset__where: [expect.any(String)] } },
  ],
  [
    'has half a character',
    '{"subset":{"where":"\\ud800"}}',
    400,
    { message: 'Invalid request', errors: { subset__where: [expect.any(String)] } },
  ],
  [
    'has a value that is none',
    '{"where":"id = $1","params":{"1":{"a":1}}}',
    400,
    { message: 'Invalid request', errors: { subset: { params: ['is invalid'] } } },
  ],
])('refuses a body that %s', async (_, body, status, json) => {
  const harness = await startHarness(ITEMS)
  const response = await get(harness, SNAPSHOT, { method: 'POST', body })
  expect([response.status, await response.json()]).toEqual([status, json])
  await expectAlive(harness)
})

test.each([
  ['longer than any', `title <> '${'x'.repeat(900_000)}'`],
  ['deep in parentheses', `${'('.repeat(100_000)}true${')'.repeat(100_000)}`],
  ['deep in NOT', `${'NOT '.repeat(4_000)}true`],
  ['deep in a sum', `id = ${'1+'.repeat(3_000)}1`],
  ['of endless casts', `id = 1${'::int'.repeat(90_000)}`],
])('a clause that is %s is refused as such', async (_, where) => {
  const harness = await startHarness(ITEMS)
  const response = await get(harness, SNAPSHOT, { method: 'POST', body: JSON.stringify({ where }) })
  const refused = { message: 'Invalid request', errors: { subset: { where: [expect.any(String)] } } }
  expect([response.status, await response.json()]).toEqual([400, refused])
  await expectAlive(harness)
})

test('a body cannot be more than one of the clients', async () => {
  const harness = await startHarness(ITEMS)
  const body = '{"__proto__":{"table":"x"},"constructor":{"prototype":{"offset":"x"}}}'
  expect((await get(harness, SNAPSHOT, { method: 'POST', body })).status).toBe(200)
  expect((await get(harness, '/v1/shape?offset=-1')).status).toBe(400)
})

test('a body that never ends is given up', async () => {
  const harness = await startHarness(ITEMS)
  const connection = await openRawConnection(harness.server.url)
  connection.send(`POST ${SNAPSHOT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`)
  const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
  const pump = () => {
    while (!connection.socket.destroyed && connection.socket.write(chunk));
  }
  connection.socket.on('drain', pump)
  pump()
  await connection.closed
  expect(connection.socket.bytesWritten).toBeLessThan(100_000_000)
  await expectAlive(harness)
})

test('HTTP/1.0 is answered and closed', async () => {
  const { server } = await startHarness(ITEMS)
  const connection = await openRawConnection(server.url)
  connection.send(`GET ${SNAPSHOT} HTTP/1.0\r\n\r\n`)
  const answer = await connection.closed
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).not.toMatch(/^transfer-encoding/im)
})

test('pipelined requests are answered in order', async () => {
  const { server } = await startHarness(ITEMS)
  const connection = await openRawConnection(server.url)
  const request = (target: string, last = '') => `GET ${target} HTTP/1.1\r\nhost: x\r\n${last}\r\n`
  connection.send(request(SNAPSHOT) + request('/v1/nothing') + request('/v1/health', 'connection: close\r\n'))
  const statuses = (await connection.closed).match(/HTTP\/1\.1 \d+/g)
  expect(statuses).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
})

test('a connection that asks for more and more while it waits is cut', async () => {
  const harness = await startHarness(ITEMS)
  const reader = await new ShapeReader(harness.server, { table: 'items' }).catchUp()
  const connection = await openRawConnection(harness.server.url)
  const target = `/v1/shape?table=items&handle=${reader.handle}&offset=${reader.offset}&live=true`
  connection.send(`GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(MOST_PIPELINED + 1))
  expect(await connection.closed).toBe('')
  await expectAlive(harness)
})

test.each([
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\r\n\r\n'],
  ['a request without a host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two lengths', 'POST /v1/shape HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  [
    'a length and chunks',
    'POST /v1/shape HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('%s gets 400 and the connection is closed', async (_, bytes) => {
  const harness = await startHarness(ITEMS)
  const connection = await openRawConnection(harness.server.url)
  connection.send(bytes)
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 400 /)
  await expectAlive(harness)
})

test('a request id of a proxy is kept when it is one, else there is a new one', async () => {
  const harness = await startHarness(ITEMS)
  const idOf = async (id: string) =>
    (await get(harness, '/v1/health', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
  const given = 'f5a1c1de-0001-4b5e-9d1b-4c1d5f6a7b8c'
  expect(await idOf(given)).toBe(given)
  for (const bad of ['short', 'x'.repeat(201), 'spaces are not for identifiers']) {
    expect(await idOf(bad)).toMatch(/^[0-9a-f-]{36}$/)
  }
})
