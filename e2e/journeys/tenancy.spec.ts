import { demoTenants } from '@landfall/database/demo-tenants'
import { uuidv7 } from 'uuidv7'
import { addresses } from '../harness/addresses.ts'
import { type Answer, send } from '../harness/raw-request.ts'
import { expect, test } from '../harness/test.ts'

const [acme, lumen] = demoTenants
if (!acme || !lumen) throw new Error('the demo has at least two tenants')

const newDevice = () => ({
  clientId: uuidv7(),
  key: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
})
type Device = ReturnType<typeof newDevice>
const proof = (device: Device) => ({ authorization: `Device ${device.clientId}.${device.key}` })
const at = (slug: string) => `${slug}.localhost:${addresses().port}`

function batch(
  device: Device,
  name: string,
  changes: Record<string, unknown> = {},
  payload: Record<string, unknown> = {},
) {
  return {
    protocol: 1,
    clientId: device.clientId,
    sentAt: new Date().toISOString(),
    operations: [
      {
        opId: uuidv7(),
        entity: 'lead',
        action: 'insert',
        entityId: uuidv7(),
        formVersion: 1,
        capturedAt: new Date().toISOString(),
        payload: {
          formId: acme?.forms[0].formId,
          values: { name, email: 'a@example.com', job: 'leak', message: 'x', privacy: true },
          ...payload,
        },
        ...changes,
      },
    ],
  }
}

const resultsOf = (answer: Answer) => JSON.parse(answer.body).results as { outcome: string; reason?: string }[]

test('the tenant is the one of the Host, whatever else the request says', async ({ person, database }) => {
  const device = newDevice()
  const lies = { 'x-forwarded-host': at('lumen'), 'x-tenant-id': lumen.id, forwarded: `host=${at('lumen')}` }
  const answer = await send(at('acme'), `/api/sync/batch?tenant=${lumen.id}`, {
    headers: { ...proof(device), ...lies },
    body: batch(device, person.name),
  })
  expect(resultsOf(answer)).toMatchObject([{ outcome: 'applied' }])
  expect(await database.leadsOf(person.name)).toMatchObject([{ tenant_id: acme.id }])
})

test("a custom domain is the tenant's site, and a host that only looks like it is nobody's", async () => {
  const site = await send('www.acme-roofing.test', '/')
  expect(site.status).toBe(200)
  expect(site.body).toContain('A dry roof, and a straight answer about it.')
  for (const host of ['acme-roofing.test', 'www.acme-roofing.test.evil.test', 'x.acme.localhost', '127.0.0.1']) {
    expect((await send(host, '/')).status, host).toBe(404)
  }
})

test('a tenant in the body is refused, and so is a form of another tenant', async ({ person, database }) => {
  const device = newDevice()
  const inPayload = batch(device, person.name, {}, { tenantId: lumen.id })
  const refused = await send(at('acme'), '/api/sync/batch', { headers: proof(device), body: inPayload })
  expect(resultsOf(refused)).toMatchObject([{ outcome: 'rejected', reason: 'field_not_allowed' }])

  const inOperation = batch(device, person.name, { tenantId: lumen.id })
  const malformed = await send(at('acme'), '/api/sync/batch', { headers: proof(device), body: inOperation })
  expect(resultsOf(malformed)).toMatchObject([{ outcome: 'rejected', reason: 'malformed' }])

  const foreign = await send(at('lumen'), '/api/sync/batch', {
    headers: proof(device),
    body: batch(device, person.name),
  })
  expect(resultsOf(foreign)).toMatchObject([{ outcome: 'rejected', reason: 'unknown_form' }])
  expect(await database.leadsOf(person.name)).toEqual([])
})

test("an operation replayed at another tenant's site changes nothing there or here", async ({ person, database }) => {
  const device = newDevice()
  const body = batch(device, person.name)
  await send(at('acme'), '/api/sync/batch', { headers: proof(device), body })
  const before = await database.leadsOf(person.name)
  const replay = await send(at('lumen'), '/api/sync/batch', { headers: proof(device), body })
  expect(resultsOf(replay)).toMatchObject([{ outcome: 'rejected' }])
  expect(await database.leadsOf(person.name)).toEqual(before)
})

test("a shape shows a device its own receipts, and no parameter shows it another's", async ({ person }) => {
  const mine = newDevice()
  const theirs = newDevice()
  await send(at('acme'), '/api/sync/batch', { headers: proof(theirs), body: batch(theirs, person.name) })
  await send(at('acme'), '/api/sync/batch', { headers: proof(mine), body: batch(mine, person.name) })
  const rows = async (query: string, device: Device, host = 'acme') => {
    const answer = await send(at(host), `/api/shapes/receipts?offset=-1${query}`, { headers: proof(device) })
    if (answer.status !== 200) return answer.status
    expect(answer.headers['cache-control']).toContain('private')
    return (JSON.parse(answer.body) as { value?: unknown }[]).filter((message) => message.value).length
  }
  expect(await rows('', mine)).toBe(1)
  for (const hostile of [
    '&where=true',
    '&table=leads',
    '&columns=client_id,tenant_id,lead_id',
    `&params[2]=${theirs.clientId}`,
    '&subset__where=true',
    '&replica=full',
  ]) {
    expect(await rows(hostile, mine), hostile).toBe(1)
  }
  // The other device's client id with this device's key, and this device at another tenant.
  expect(await rows('', { clientId: theirs.clientId, key: mine.key })).toBe(401)
  expect(await rows('', mine, 'lumen')).toBe(401)
  expect((await send(at('acme'), '/api/shapes/leads?offset=-1', { headers: proof(mine) })).status).toBe(404)
  expect((await send(at('acme'), '/api/shapes/receipts?offset=-1')).status).toBe(401)
})

test("a member reads and writes its own workspace, and no other's", async ({ dashboard, person, database }) => {
  const device = newDevice()
  await send(at('acme'), '/api/sync/batch', { headers: proof(device), body: batch(device, person.name) })
  const [lead] = await database.leadsOf(person.name)
  await dashboard.signIn('lumen')
  const cookies = await dashboard.page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const update = {
    protocol: 1,
    clientId: uuidv7(),
    sentAt: new Date().toISOString(),
    operations: [
      {
        opId: uuidv7(),
        entity: 'lead',
        action: 'update',
        entityId: lead?.id,
        baseVersion: 1,
        capturedAt: new Date().toISOString(),
        payload: { status: 'won' },
      },
    ],
  }
  const as = (tenantId: string, path: string, body?: unknown) =>
    send(at('app'), `/api/workspaces/${tenantId}${path}`, { headers: { cookie }, body })

  expect((await as(acme.id, '/sync/batch', update)).status).toBe(403)
  expect((await as(acme.id, '/shapes/leads?offset=-1')).status).toBe(403)
  expect((await as('not-a-uuid', '/shapes/leads?offset=-1')).status).toBe(403)
  const own = await as(lumen.id, '/sync/batch', update)
  expect(resultsOf(own)).toMatchObject([{ outcome: 'rejected', reason: 'not_found' }])
  const leads = await as(lumen.id, '/shapes/leads?offset=-1')
  expect(leads.status).toBe(200)
  expect(leads.body).not.toContain(person.name)

  expect((await send(at('app'), `/api/workspaces/${lumen.id}/shapes/leads?offset=-1`)).status).toBe(401)
  // A site's host carries no dashboard, not even with its cookie.
  const elsewhere = await send(at('acme'), `/api/workspaces/${lumen.id}/shapes/leads?offset=-1`, {
    headers: { cookie },
  })
  expect(elsewhere.status).toBe(404)
  expect(await database.leadsOf(person.name)).toMatchObject([{ status: 'new' }])
})

test('what a person left in the queue does not go out in the name of another', async ({
  dashboard,
  person,
  database,
}) => {
  const device = newDevice()
  await send(at('acme'), '/api/sync/batch', { headers: proof(device), body: batch(device, person.name) })
  const [lead] = await database.leadsOf(person.name)
  await dashboard.signIn('acme')
  const cookies = await dashboard.page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const session = await send(at('app'), '/api/auth/get-session', { headers: { cookie } })
  const userId: string = JSON.parse(session.body).user.id
  const body = {
    ...batch(newDevice(), person.name),
    operations: [
      {
        opId: uuidv7(),
        entity: 'lead',
        action: 'update',
        entityId: lead?.id,
        baseVersion: 1,
        capturedAt: new Date().toISOString(),
        payload: { status: 'won' },
      },
    ],
  }
  const as = (query: string) =>
    send(at('app'), `/api/workspaces/${acme.id}/sync/batch${query}`, { headers: { cookie }, body })

  for (const somebodyElse of [`?user=${uuidv7()}`, '?user=']) {
    const refused = await as(somebodyElse)
    expect(refused.status).toBe(403)
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'not_allowed',
      detail: 'These changes were made by somebody else on this device.',
    })
  }
  expect(await database.leadsOf(person.name)).toMatchObject([{ status: 'new' }])
  expect(resultsOf(await as(`?user=${userId}`))).toMatchObject([{ outcome: 'applied' }])
  expect(await database.leadsOf(person.name)).toMatchObject([{ status: 'won' }])
})

test('devices that send nothing readable are not kept', async ({ database, person }) => {
  const devices = Array.from({ length: 5 }, newDevice)
  const bodies = ['{', { hello: 1 }, { ...batch(newDevice(), person.name), protocol: 2 }, '', 'x'.repeat(300_000)]
  for (const [index, device] of devices.entries()) {
    const headers = { ...proof(device), 'content-type': 'application/json' }
    const answer = await send(at('acme'), '/api/sync/batch', { method: 'POST', headers, body: bodies[index] })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  }
  const ids = devices.map(({ clientId }) => clientId)
  expect(await database.devicesAmong(ids)).toEqual([])

  // The same question sees a device that did write.
  const [writer] = devices
  if (!writer) throw new Error('there are five devices')
  await send(at('acme'), '/api/sync/batch', { headers: proof(writer), body: batch(writer, person.name) })
  expect(await database.devicesAmong(ids)).toEqual([writer.clientId])
})

test.describe('a Host that is no host', () => {
  for (const host of ['a%zz.localhost', '%61cme.localhost', 'acme.localhost:99999', '[', 'acme localhost']) {
    test(`${host} fails nothing`, async () => {
      for (const path of ['/', '/enquiries', '/no/such/page', '/favicon.svg', '/api/shapes/receipts?offset=-1']) {
        expect((await send(host, path)).status, path).toBeLessThan(500)
      }
      const posted = await send(host, '/api/forms/f_acmeroof01', { body: 'name=x' })
      expect(posted.status).toBeLessThan(500)
    })
  }
})

test.describe('a method that a route does not have', () => {
  const routes: [string, string][] = [
    ['/api/sync/batch', 'POST'],
    [`/api/workspaces/${acme.id}/sync/batch`, 'POST'],
    ['/api/forms/f_acmeroof01', 'POST'],
    ['/api/shapes/receipts', 'GET, HEAD, OPTIONS'],
    [`/api/workspaces/${acme.id}/shapes/leads`, 'GET, HEAD, OPTIONS'],
  ]
  for (const [path, allowed] of routes) {
    test(`is refused at ${path.replace(acme.id, '…')} as a problem that names ${allowed}`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (allowed.split(', ').includes(method)) continue
        const answer = await send(at('acme'), path, { method })
        expect(answer.status, method).toBe(405)
        expect(answer.headers.allow, method).toBe(allowed)
        expect(answer.headers['content-type'], method).toBe('application/problem+json')
        expect(JSON.parse(answer.body), method).toMatchObject({ code: 'method_not_allowed', status: 405 })
      }
    })
  }
})

test.describe('guessing a password', () => {
  const signIn = (email: string, password: string, attempt: number) =>
    send(at('app'), '/api/auth/sign-in/email', {
      headers: {
        origin: `http://${at('app')}`,
        'x-forwarded-for': `203.0.113.${attempt}`,
        'x-landfall-address': `203.0.113.${attempt}`,
      },
      body: { email, password },
    })

  test('ends after ten attempts at an account, whatever address they claim', async ({ person }) => {
    const guessed = `${uuidv7()}-${person.email}`
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      expect((await signIn(guessed, 'a wrong password', attempt)).status, `attempt ${attempt}`).toBe(401)
    }
    const refused = await signIn(guessed.toUpperCase(), 'a wrong password', 11)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(500)
    // Another account goes on.
    expect((await signIn(`${uuidv7()}@example.com`, 'a wrong password', 12)).status).toBe(401)
  })

  test('begins anew after the right one', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let attempt = 1; attempt <= 9; attempt += 1) {
        expect((await signIn('owner@lumen.test', 'a wrong password', attempt)).status).toBe(401)
      }
      expect((await signIn('owner@lumen.test', 'landfall-demo', 10)).status).toBe(200)
    }
  })
})

test.describe('what is refused as a whole', () => {
  const device = newDevice()
  const body = batch(device, 'Nobody')
  const refusals: [string, Parameters<typeof send>, number][] = [
    ['an unknown host', ['nobody.localhost', '/api/sync/batch', { headers: proof(device), body }], 404],
    ['the bare root', ['localhost', '/api/sync/batch', { headers: proof(device), body }], 404],
    ['no proof of the device', ['acme.localhost', '/api/sync/batch', { body }], 401],
    ['a wrong method', ['acme.localhost', '/api/sync/batch', { method: 'GET' }], 405],
    [
      'a page of another origin',
      ['acme.localhost', '/api/sync/batch', { headers: { ...proof(device), origin: 'http://evil.test' }, body }],
      403,
    ],
    [
      'a form in place of JSON',
      ['acme.localhost', '/api/sync/batch', { headers: { ...proof(device), 'content-type': 'text/plain' }, body }],
      415,
    ],
    [
      'a body over the limit',
      ['acme.localhost', '/api/sync/batch', { headers: proof(device), body: { x: 'x'.repeat(300_000) } }],
      413,
    ],
    ['no batch at all', ['acme.localhost', '/api/sync/batch', { headers: proof(device), body: { hello: 1 } }], 400],
    [
      'a protocol to come',
      ['acme.localhost', '/api/sync/batch', { headers: proof(device), body: { ...body, protocol: 2 } }],
      422,
    ],
  ]
  for (const [what, request, status] of refusals) {
    test(`${what} is answered ${status} with a request id`, async ({ database }) => {
      const answer = await send(...request)
      expect(answer.status).toBe(status)
      expect(answer.headers['content-type']).toBe('application/problem+json')
      const problem = JSON.parse(answer.body)
      expect(problem).toMatchObject({ status, requestId: answer.headers['x-request-id'] })
      expect(problem.title).toMatch(/\w/)
      expect(await database.leadsOf('Nobody')).toEqual([])
    })
  }
})
