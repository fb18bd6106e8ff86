import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { demoTenants } from '@landfall/database/demo-tenants'
import { type OwnSite, startOwnSite } from '../harness/own-site.ts'
import { PROTOCOL_HEADERS, type ScriptedElectric, startScriptedElectric } from '../harness/scripted-electric.ts'
import { expect, test } from '../harness/test.ts'
import { newVisitorDevice } from '../harness/visitor-device.ts'

// What passes through the built app: as it comes, and no longer than somebody wants it.

const [acme] = demoTenants
const RECEIPTS = '/api/shapes/receipts'
const LIVE = `${RECEIPTS}?offset=0_0&handle=h-1&live=true`

let electric: ScriptedElectric
let site: OwnSite
let device: ReturnType<typeof newVisitorDevice>

test.beforeAll(async () => {
  electric = await startScriptedElectric()
  site = await startOwnSite({ ELECTRIC_URL: electric.url })
})

test.beforeEach(async ({ person }) => {
  device = newVisitorDevice()
  const body = device.batch(device.insertLead(person.name))
  expect(await site.send('acme', '/api/sync/batch', { headers: device.proof, body })).toMatchObject({ status: 200 })
})

test.afterAll(async () => {
  await site?.stop()
  await electric?.stop()
})

interface Stream {
  outgoing: ClientRequest
  answer: IncomingMessage
}

/** A reader that takes the answer as it comes, or not at all. */
function open(path: string, headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        port: site.port,
        host: '127.0.0.1',
        path,
        headers: { host: `acme.localhost:${site.port}`, ...device.proof, ...headers },
      },
      (answer) => {
        answer.on('error', () => {})
        resolve({ outgoing, answer })
      },
    )
    outgoing.once('error', reject)
    outgoing.end()
  })
}

const nextChunk = (answer: IncomingMessage) =>
  new Promise<string>((resolve) => answer.once('data', (chunk) => resolve(String(chunk))))

test('the first bytes arrive while the last are still to be written', async () => {
  let upstream: ServerResponse | undefined
  electric.play((_, outgoing) => {
    upstream = outgoing
    outgoing.writeHead(200, PROTOCOL_HEADERS).write('[{"half":1}')
  })
  for (const encoding of ['identity', 'gzip, br']) {
    const { answer, outgoing } = await open(`${RECEIPTS}?offset=-1`, { 'accept-encoding': encoding })
    if (encoding === 'identity') expect(await nextChunk(answer)).toBe('[{"half":1}')
    else expect((await nextChunk(answer)).length).toBeGreaterThan(0)
    expect(upstream?.writableEnded).toBe(false)
    const ended = new Promise((resolve) => answer.once('end', resolve))
    upstream?.end(']')
    answer.resume()
    await ended
    outgoing.destroy()
  }
})

test('a reader that does not read holds the writer up, and nothing piles up in between', async () => {
  const chunk = Buffer.alloc(256 * 1024, '1')
  let written = 0
  electric.play((_, outgoing) => {
    outgoing.writeHead(200, PROTOCOL_HEADERS)
    const write = () => {
      while (!outgoing.destroyed) {
        written += chunk.length
        if (!outgoing.write(chunk)) return void outgoing.once('drain', write)
      }
    }
    write()
  })
  const { answer, outgoing } = await open(`${RECEIPTS}?offset=-1`, { 'accept-encoding': 'identity' })
  answer.pause()
  // Until the buffers of two connections are full.
  let before = -1
  await expect
    .poll(
      () => {
        const stands = written === before
        before = written
        return stands
      },
      { intervals: [1_000] },
    )
    .toBe(true)
  expect(written).toBeLessThan(64 * 1024 * 1024)
  const held = written
  answer.resume()
  await expect.poll(() => written).toBeGreaterThan(held + 16 * 1024 * 1024)
  outgoing.destroy()
  await expect.poll(() => electric.requests.every(({ isClosed }) => isClosed)).toBe(true)
})

test.describe('a reader that leaves', () => {
  for (const [what, path] of [
    ['in the middle of an answer', `${RECEIPTS}?offset=-1`],
    ['a stream of events', `${LIVE}&live_sse=true`],
  ] as const) {
    test(`${what} frees its place`, async () => {
      electric.play((_, outgoing) => void outgoing.writeHead(200, PROTOCOL_HEADERS).write('[1'))
      const { answer, outgoing } = await open(path)
      await nextChunk(answer)
      expect(electric.requests).toMatchObject([{ isClosed: false }])
      outgoing.destroy()
      await expect.poll(() => electric.requests[0]?.isClosed).toBe(true)
    })
  }

  test('a wait that it shares leaves the others waiting; the last one frees the place', async () => {
    electric.play(() => {})
    const readers = Array.from({ length: 5 }, () => {
      const outgoing = request({
        port: site.port,
        host: '127.0.0.1',
        path: LIVE,
        headers: { host: `acme.localhost:${site.port}`, ...device.proof },
      })
      outgoing.on('error', () => {})
      outgoing.end()
      return outgoing
    })
    await expect.poll(() => electric.requests.length).toBe(1)
    // Each of them is in by now, or would have asked by itself.
    await expect.poll(async () => (await site.send('acme', '/api/health')).status).toBe(200)
    const [last, ...others] = readers
    for (const other of others) other.destroy()
    await expect.poll(async () => (await site.send('acme', '/api/health')).status).toBe(200)
    expect(electric.requests).toMatchObject([{ isClosed: false }])
    last?.destroy()
    await expect.poll(() => electric.requests[0]?.isClosed).toBe(true)
    expect(electric.requests).toHaveLength(1)
  })
})

test('tabs that wait for the same are one request, and each gets the whole answer', async () => {
  let upstream: ServerResponse | undefined
  electric.play((_, outgoing) => {
    upstream = outgoing
  })
  const waiting = Array.from({ length: 20 }, () => site.send('acme', LIVE, { headers: device.proof }))
  await expect.poll(() => electric.requests.length).toBe(1)
  await expect.poll(async () => (await site.send('acme', '/api/health')).status).toBe(200)
  upstream?.writeHead(200, PROTOCOL_HEADERS).end('[{"value":{"lead_id":"1"}}]')
  for (const answer of await Promise.all(waiting)) {
    expect(answer).toMatchObject({ status: 200, body: '[{"value":{"lead_id":"1"}}]' })
    expect(answer.headers['cache-control']).toBe('private, no-cache')
    expect(answer.headers['access-control-expose-headers']).toContain('electric-handle')
  }
})

test('events arrive one by one, also at a reader that takes compressed answers', async () => {
  let upstream: ServerResponse | undefined
  electric.play((_, outgoing) => {
    upstream = outgoing
    outgoing.writeHead(200, { ...PROTOCOL_HEADERS, 'content-type': 'text/event-stream' }).write('data: {"n":1}\n\n')
  })
  const { answer, outgoing } = await open(`${LIVE}&live_sse=true`, { 'accept-encoding': 'gzip, deflate, br' })
  expect(answer.headers['content-type']).toBe('text/event-stream')
  expect(answer.headers['content-encoding']).toBeUndefined()
  expect(answer.headers['cache-control']).toContain('no-transform')
  expect(await nextChunk(answer)).toBe('data: {"n":1}\n\n')
  upstream?.write('data: {"n":2}\n\n')
  expect(await nextChunk(answer)).toBe('data: {"n":2}\n\n')
  outgoing.destroy()
})

test('a member who is removed while they wait gets the refusal, not the news', async ({ database }) => {
  const email = 'sam@acme.test'
  const leaves = await database.addColleague('acme', email)
  try {
    const signedIn = await site.send('app', '/api/auth/sign-in/email', {
      headers: { origin: `http://app.localhost:${site.port}` },
      body: { email, password: 'landfall-demo' },
    })
    const cookie = [signedIn.headers['set-cookie']]
      .flat()
      .map((line) => line?.split(';')[0])
      .join('; ')
    let upstream: ServerResponse | undefined
    electric.play((_, outgoing) => {
      upstream = outgoing
    })
    const path = `/api/workspaces/${acme?.id}/shapes/leads?offset=0_0&handle=h-1&live=true`
    const news = site.send('app', path, { headers: { cookie } })
    await expect.poll(() => electric.requests.length).toBe(1)
    await database.endMembership(email)
    upstream?.writeHead(200, PROTOCOL_HEADERS).end('[{"value":{"id":"secret"}}]')
    const answer = await news
    expect(answer.status).toBe(403)
    expect(answer.body).not.toContain('secret')
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_allowed', requestId: answer.headers['x-request-id'] })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  } finally {
    await leaves()
  }
})

test('methods: HEAD has no body, OPTIONS says what there is, and an overload tells when to come again', async () => {
  electric.play((incoming, outgoing) => {
    expect(incoming.method).toBe('HEAD')
    outgoing.writeHead(200, PROTOCOL_HEADERS).end()
  })
  const head = await site.send('acme', `${RECEIPTS}?offset=-1`, { method: 'HEAD', headers: device.proof })
  expect(head).toMatchObject({ status: 200, body: '' })
  expect(head.headers['electric-handle']).toBe('h-1')

  const origin = `http://acme.localhost:${site.port}`
  const options = await site.send('acme', RECEIPTS, { method: 'OPTIONS', headers: { origin } })
  expect(options).toMatchObject({ status: 204, body: '' })
  expect(options.headers['access-control-allow-origin']).toBe(origin)
  const elsewhere = await site.send('acme', RECEIPTS, { method: 'OPTIONS', headers: { origin: 'http://evil.test' } })
  expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined()

  electric.play((_, outgoing) =>
    outgoing.writeHead(503, { 'retry-after': '9', 'electric-internal-known-error': 'true' }).end('{"x":"inside"}'),
  )
  const busy = await site.send('acme', `${RECEIPTS}?offset=-1`, { headers: { ...device.proof, origin } })
  expect(busy.status).toBe(503)
  expect(busy.headers).toMatchObject({
    'retry-after': '9',
    'electric-internal-known-error': 'true',
    'content-type': 'application/problem+json',
    'access-control-allow-origin': origin,
  })
  expect(busy.body).not.toContain('inside')
})
