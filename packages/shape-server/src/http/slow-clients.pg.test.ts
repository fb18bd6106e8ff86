import { expect, test } from 'vitest'
import type { LogLine } from '../log.ts'
import { cleanUp, eventually, startHarness } from '../testing/harness.ts'
import { openRawConnection } from '../testing/raw-connection.ts'
import { createHttpServer, type HttpServerOptions } from './http-server.ts'
import { Waits } from './waits.ts'

/** Only the sockets: no request gets as far as to a shape. */
async function startSockets(connectionLimits: HttpServerOptions['connectionLimits']): Promise<string> {
  const options = { waits: new Waits(), status: () => 'streaming', log: () => {}, stallTimeoutMs: 60_000 }
  const http = createHttpServer({ ...options, connectionLimits } as unknown as HttpServerOptions)
  await new Promise<void>((resolve) => http.server.listen(0, '127.0.0.1', resolve))
  cleanUp(() => http.stop())
  const address = http.server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}

test('a request that does not come to its end gets 408', async () => {
  const url = await startSockets({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 })
  const [headers, body] = await Promise.all([openRawConnection(url), openRawConnection(url)])
  headers.send('GET /v1/health HTTP/1.1\r\nhost: x\r\n')
  body.send('POST /v1/shape?offset=-1 HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{')
  expect(await headers.closed).toMatch(/^HTTP\/1\.1 408 [\s\S]*The request took too long to arrive/)
  // It is being answered, so nothing else may be written in between.
  expect(await body.closed).toBe('')
})

test('a connection on which nothing was ever asked is closed without an answer', async () => {
  const url = await startSockets({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 })
  const connection = await openRawConnection(url)
  expect(await connection.closed).toBe('')
})

test('headers by drops do not keep a connection', async () => {
  const url = await startSockets({ headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 })
  const connection = await openRawConnection(url)
  connection.send('GET /v1/health HTTP/1.1\r\nhost: x\r\n')
  const drip = setInterval(() => connection.send('a: b\r\n'), 10)
  cleanUp(async () => clearInterval(drip))
  expect(await connection.closed).toMatch(/^HTTP\/1\.1 408 /)
})

test('a client that does not read is given up, and others are served meanwhile', async () => {
  const lines: LogLine[] = []
  const { server } = await startHarness(
    `CREATE TABLE items (id int PRIMARY KEY, title text);
     INSERT INTO items SELECT id, repeat('x', 1000) FROM generate_series(1, 8000) id`,
    { stallTimeoutMs: 1_000, liveTimeoutMs: 500, log: (line) => lines.push(line) },
  )
  const deaf = await openRawConnection(server.url)
  deaf.socket.pause()
  // More than the buffers between the two take in.
  deaf.send('GET /v1/shape?table=items&offset=-1 HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(8))
  const response = await fetch(`${server.url}/v1/shape?table=items&offset=-1`)
  expect(await response.json()).toHaveLength(8_001)
  await eventually(() =>
    expect(lines.filter(({ message, isComplete }) => message === 'request' && isComplete === false)).not.toEqual([]),
  )
})
