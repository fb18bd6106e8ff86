import { connect } from 'node:net'
import { CORRELATION_HEADER } from '@landfall/contract'
import pg from 'pg'
import { addresses } from '../harness/addresses.ts'
import { type OwnSite, startOwnSite } from '../harness/own-site.ts'
import { expect, test } from '../harness/test.ts'
import { newVisitorDevice } from '../harness/visitor-device.ts'

const METRICS_TOKEN = 'a-token-of-this-test'
const BATCH = '/api/sync/batch'

let site: OwnSite

test.beforeAll(async () => {
  site = await startOwnSite({ METRICS_TOKEN, LOG_LEVEL: 'debug' })
})

test.afterAll(() => site?.stop())

async function readMetrics(): Promise<Map<string, number>> {
  const answer = await site.send('app', '/api/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
  expect(answer.status).toBe(200)
  const samples = answer.body.split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

/** Holds the leads' table so that no batch gets through. @returns the way to let go */
async function holdLeads(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: addresses().databaseUrl })
  await client.connect()
  await client.query('BEGIN; LOCK TABLE leads IN ACCESS EXCLUSIVE MODE')
  return () => client.end()
}

/** Queries of the app that wait for a lock. */
async function countWaiting(): Promise<number> {
  const client = new pg.Client({ connectionString: addresses().databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE usename = 'landfall_app' AND wait_event_type = 'Lock'`,
    )
    return rows[0]?.waiting ?? 0
  } finally {
    await client.end()
  }
}

test('the metrics count what arrived, and measure how far behind the live updates are', async ({ person }) => {
  const device = newVisitorDevice()
  const applied = 'landfall_operations_total{entity="lead",action="insert",outcome="applied",reason=""}'
  const duplicate = applied.replace('applied', 'duplicate')
  const before = await readMetrics()
  const body = device.batch(device.insertLead(person.name, { capturedAt: new Date(Date.now() - 90_000).toISOString() }))
  for (const _ of ['first', 'replay']) {
    expect(await site.send(device.slug, BATCH, { headers: device.proof, body })).toMatchObject({ status: 200 })
  }
  const after = await readMetrics()
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(grown(applied)).toBe(1)
  expect(grown(duplicate)).toBe(1)
  expect(grown('landfall_queue_age_seconds_count')).toBe(1)
  expect(grown('landfall_queue_age_seconds_bucket{le="60"}')).toBe(0)
  expect(grown('landfall_queue_age_seconds_bucket{le="300"}')).toBe(1)
  expect(grown('landfall_batch_duration_seconds_count{principal="visitor",result="answered"}')).toBe(2)
  expect(after.get('electric_connected')).toBe(1)
  expect(after.get('electric_sync_lag_seconds')).toBeGreaterThan(0)
  expect(after.get('electric_sync_lag_seconds')).toBeLessThan(4)
  expect(await site.send('app', '/api/metrics', {})).toMatchObject({ status: 401 })
})

test('a delivery is found again by its name: in answer, log and ledger, and nowhere stands what was typed', async ({
  person,
}) => {
  const device = newVisitorDevice()
  const name = `e2e-${crypto.randomUUID()}`
  const good = device.insertLead(person.name)
  const bad = device.insertLead(person.name, { payload: { formId: 'f_nosuchform', values: { name: person.name } } })
  const answer = await site.send(device.slug, BATCH, {
    headers: { ...device.proof, [CORRELATION_HEADER]: name },
    body: device.batch(good, bad),
  })
  expect(answer.headers['x-request-id']).toBe(name)
  expect(JSON.parse(answer.body)).toMatchObject({
    requestId: name,
    results: [{ outcome: 'applied' }, { reason: 'unknown_form' }],
  })

  const client = new pg.Client({ connectionString: addresses().databaseUrl })
  await client.connect()
  const { rows } = await client.query('SELECT request_id FROM sync_operations WHERE op_id = $1', [good.opId])
  await client.end()
  expect(rows).toEqual([{ request_id: name }])

  const linesOfDelivery = () => site.logLines().filter((line) => line.requestId === name)
  await expect.poll(() => linesOfDelivery().map((line) => line.msg)).toContain('batch')
  expect(linesOfDelivery()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ msg: 'batch', operations: 2, applied: 1, rejected: 1 }),
      expect.objectContaining({ msg: 'operation rejected', opId: bad.opId, reason: 'unknown_form' }),
    ]),
  )
  expect(site.output()).not.toContain(person.name)
  expect(site.output()).not.toContain('a@example.com')

  const refused = await site.send(device.slug, BATCH, {
    headers: { [CORRELATION_HEADER]: name },
    body: device.batch(good),
  })
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'device_not_proven', requestId: name })
})

test('a device over its limit is told when to come again, and the metrics say whose limit it was', async ({
  database,
}) => {
  const device = newVisitorDevice()
  const body = device.batch(...Array(100).fill({ nothing: 'readable' }))
  const post = () => site.send(device.slug, BATCH, { headers: device.proof, body })
  const ofDevice = 'landfall_rate_limited_total{scope="device"}'
  const before = (await readMetrics()).get(ofDevice)
  for (let sent = 0; sent < 1_500; sent += 100) expect(await post()).toMatchObject({ status: 200 })
  const refused = await post()
  expect(refused.status).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'too_many_requests' })
  expect((await readMetrics()).get(ofDevice)).toBe(Number(before) + 1)
  await database.removeLeadsOf([])
})

test('a body that nests as deep as its size allows is refused, and the site goes on', async () => {
  const device = newVisitorDevice()
  const levels = 100_000
  const body = `${'['.repeat(levels)}${']'.repeat(levels)}`
  const headers = { ...device.proof, 'content-type': 'application/json' }
  const answer = await site.send(device.slug, BATCH, { headers, body })
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_request' })
  expect(await site.send(device.slug, '/api/health')).toMatchObject({ status: 200 })
})

test('a body that trickles in is cut off with 408', async () => {
  const device = newVisitorDevice()
  const socket = connect(site.port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  // The site may close the connection while a byte is under way.
  socket.on('error', () => {})
  socket.write(
    [
      `POST ${BATCH} HTTP/1.1`,
      `Host: ${device.slug}.localhost:${site.port}`,
      `Authorization: ${device.proof.authorization}`,
      'Content-Type: application/json',
      'Content-Length: 5000',
      '',
      '{',
    ].join('\r\n'),
  )
  const trickle = setInterval(() => socket.write(' '), 1_000)
  try {
    await expect.poll(() => answer, { timeout: 28_000 }).toContain('"code":"too_slow"')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  } finally {
    clearInterval(trickle)
    socket.destroy()
  }
})

test('a device is told to come again when the database is stuck, before it gives up, and no transaction stays', async ({
  person,
  database,
}) => {
  const device = newVisitorDevice()
  const body = device.batch(device.insertLead(person.name))
  const letGo = await holdLeads()
  const startedAt = Date.now()
  try {
    const answer = await site.send(device.slug, BATCH, { headers: device.proof, body })
    expect(Date.now() - startedAt).toBeLessThan(28_000)
    if (answer.status === 200) {
      expect(JSON.parse(answer.body)).toMatchObject({
        results: [{ outcome: 'retry', retryAfterMs: expect.any(Number) }],
      })
    } else {
      expect(answer.status).toBe(503)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    await expect.poll(countWaiting, { timeout: 30_000 }).toBe(0)
  } finally {
    await letGo()
  }
  const again = await site.send(device.slug, BATCH, { headers: device.proof, body })
  expect(JSON.parse(again.body)).toMatchObject({ results: [{ outcome: 'applied' }] })
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a site that is stopped answers the batch on its way, and holds nobody who waits for news', async ({ person }) => {
  const device = newVisitorDevice()
  const { slug, proof: headers } = device
  const ending = await startOwnSite()
  const insert = () => device.batch(device.insertLead(person.name))
  expect(await ending.send(slug, BATCH, { headers, body: insert() })).toMatchObject({ status: 200 })
  const receipts = await ending.send(slug, '/api/shapes/receipts?offset=-1', { headers })
  const place = `offset=${receipts.headers['electric-offset']}&handle=${receipts.headers['electric-handle']}`
  const news = ending.send(slug, `/api/shapes/receipts?${place}&live=true`, { headers })

  const letGo = await holdLeads()
  const answer = ending.send(slug, BATCH, { headers, body: insert() })
  await expect.poll(countWaiting).toBe(1)
  const stopped = ending.stop()
  expect(await news).toMatchObject({ status: 503, headers: { 'retry-after': '2' } })
  await letGo()
  expect(JSON.parse((await answer).body)).toMatchObject({ results: [{ outcome: 'applied' }] })
  await stopped
})
