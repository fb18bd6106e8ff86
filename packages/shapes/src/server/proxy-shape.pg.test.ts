import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ShapeStream } from '@electric-sql/client'
import { ProblemError, SHAPE_COLUMNS, type ShapeName } from '@landfall/contract'
import * as schema from '@landfall/database/schema'
import { openTestStack, type TestStack, type TestTenant } from '@landfall/database/testing'
import { createTestDatabase, type TestDatabase } from '@landfall/embedded-postgres'
import { type ShapeServer, startShapeServer } from '@landfall/shape-server'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { LivePolls } from './live-polls.ts'
import { proxyShape } from './proxy-shape.ts'
import type { ShapeReader } from './shape-definitions.ts'

const SECRET = 'of-the-tests'

interface Side {
  tenant: TestTenant
  leadId: string
  member: ShapeReader
  visitor: ShapeReader & { clientId: string }
}

let database: TestDatabase
let stack: TestStack
let electric: ShapeServer
let acme: Side
let lumen: Side

/** A tenant with a row of every shape; each value that may be seen says whose it is. */
async function addSide(slug: string): Promise<Side> {
  const tenant = await stack.addTenant(slug)
  const [leadId, clientId, userId] = [randomUUID(), randomUUID(), randomUUID()]
  const capturedAt = new Date()
  await stack.owner
    .insert(schema.users)
    .values({ id: userId, name: `Member of ${slug}`, email: `${userId}@${slug}.test` })
  await stack.owner.insert(schema.members).values({ id: randomUUID(), organizationId: tenant.id, userId })
  await stack.owner.insert(schema.leads).values({
    tenantId: tenant.id,
    id: leadId,
    formId: tenant.form.formId,
    formVersion: 1,
    clientId,
    values: { name: `Visitor of ${slug}` },
    fieldEdits: {},
    capturedAt,
  })
  await stack.owner.insert(schema.leadReceipts).values({
    tenantId: tenant.id,
    leadId,
    clientId,
    formTitle: `Form of ${slug}`,
    capturedAt,
    receivedAt: capturedAt,
    statusChangedAt: capturedAt,
  })
  const event = { tenantId: tenant.id, leadId, kind: 'created' as const, opId: randomUUID(), capturedAt }
  await stack.owner.insert(schema.leadEvents).values([
    { ...event, actorKind: 'visitor' as const, actorId: clientId },
    { ...event, actorKind: 'member' as const, actorId: userId },
  ])
  await stack.owner.insert(schema.notes).values({
    tenantId: tenant.id,
    id: randomUUID(),
    leadId,
    authorId: userId,
    body: `Note of ${slug}`,
    createdAt: capturedAt,
    updatedAt: capturedAt,
    deviceId: randomUUID(),
  })
  return {
    tenant,
    leadId,
    member: { kind: 'member', tenantId: tenant.id, userId },
    visitor: { kind: 'visitor', tenantId: tenant.id, clientId },
  }
}

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'))
  stack = await openTestStack(database.url)
  acme = await addSide('acme')
  lumen = await addSide('lumen')
  electric = await startShapeServer({ databaseUrl: database.url, secret: SECRET, liveTimeoutMs: 1_000 })
})

afterAll(async () => {
  await electric?.stop()
  await stack?.close()
  await database?.drop()
})

interface Asked {
  authorise?: () => Promise<ShapeReader>
  init?: RequestInit
  livePolls?: LivePolls
}

function ask(reader: ShapeReader, name: string, query: string, { init, ...options }: Asked = {}): Promise<Response> {
  return proxyShape({
    request: new Request(`http://acme.localhost/api/shapes/${name}?${query}`, init),
    name,
    authorise: async () => reader,
    electricUrl: electric.url,
    electricSecret: SECRET,
    ...options,
  })
}

interface Message {
  value?: Record<string, string | null>
  headers: { control?: string }
}

const messagesOf = async (answer: Response) => (await answer.json()) as Message[]
const rowsOf = async (answer: Response) =>
  (await messagesOf(answer)).flatMap((message) => (message.value ? [message.value] : []))
const placeOf = ({ headers }: Response) =>
  `offset=${headers.get('electric-offset')}&handle=${headers.get('electric-handle')}`

const SHAPES: [ShapeName, (side: Side) => ShapeReader, rows: number][] = [
  ['receipts', (side) => side.visitor, 1],
  ['leads', (side) => side.member, 1],
  ['lead_events', (side) => side.member, 2],
  ['notes', (side) => side.member, 1],
  ['members', (side) => side.member, 1],
  ['forms', (side) => side.member, 1],
  ['form_versions', (side) => side.member, 1],
]

describe.each(SHAPES)('the shape %s', (name, readerOf, count) => {
  test('brings the rows of its reader and the columns that are listed, and no others', async () => {
    for (const [own, other] of [
      [acme, lumen],
      [lumen, acme],
    ] as const) {
      const answer = await ask(readerOf(own), name, 'offset=-1')
      const text = await answer.clone().text()
      const rows = await rowsOf(answer)
      expect(rows).toHaveLength(count)
      for (const row of rows) {
        const { tenant_id, ...columns } = row
        expect([own.tenant.id, undefined]).toContain(tenant_id)
        expect(Object.keys(columns).sort()).toEqual([...SHAPE_COLUMNS[name]].sort())
      }
      expect(text).not.toContain(other.tenant.id)
      expect(text).not.toContain(other.tenant.slug)
      expect(text, 'no device').not.toContain(own.visitor.clientId)
    }
  })

  test('is the same whatever else the request says', async () => {
    const honest = await rowsOf(await ask(readerOf(acme), name, 'offset=-1'))
    for (const hostile of [
      'table=accounts',
      'Table=accounts',
      'table[]=accounts',
      'where=true',
      'WHERE=true',
      'where=tenant_id IS NOT NULL&params[1]=x',
      `params[1]=${lumen.tenant.id}`,
      `params[2]=${lumen.visitor.clientId}`,
      `params={"1":"${lumen.tenant.id}"}`,
      `params[1]=${lumen.tenant.id}&params[1]=${lumen.tenant.id}`,
      'columns=tenant_id,id,client_id',
      'columns[]=client_id',
      'secret=guess',
      'api_secret=guess',
      'replica=full',
      'log=changes_only',
      'subset__where=true',
      'subset__where=client_id IS NOT NULL&subset__limit=1&subset__order_by=client_id',
      'subset__params={"1":"x"}',
      'queryable_columns=client_id',
      '__proto__[table]=accounts&constructor[prototype][where]=true',
      'table=%00&where=%ff',
    ]) {
      const rows = await rowsOf(await ask(readerOf(acme), name, `offset=-1&${encodeURI(hostile)}`))
      expect(rows, hostile).toEqual(honest)
    }
  })

  test("another tenant's handle and offsets are a must-refetch to one's own shape, and never data", async () => {
    const theirs = await ask(readerOf(lumen), name, 'offset=-1')
    const own = await ask(readerOf(acme), name, 'offset=-1')
    const offsets = [theirs.headers.get('electric-offset'), '0_0', '0_inf', '00_0', '1_0']
    for (const offset of offsets) {
      for (const live of ['', '&live=true', '&live=true&live_sse=true']) {
        const handle = theirs.headers.get('electric-handle')
        const answer = await ask(readerOf(acme), name, `offset=${offset}&handle=${handle}${live}`)
        expect([answer.status, offset], `${offset} ${live}`).not.toEqual([200, offset])
        const text = await answer.text()
        if (answer.status === 409) {
          expect(answer.headers.get('electric-handle')).toBe(own.headers.get('electric-handle'))
          expect(JSON.parse(text)).toEqual([{ headers: { control: 'must-refetch' } }])
        } else {
          expect(answer.status, text).toBe(400)
        }
      }
    }
  })

  test("with the etag of another's answer it comes whole, and with one's own not again", async () => {
    const theirs = await ask(readerOf(lumen), name, 'offset=-1')
    const own = await ask(readerOf(acme), name, 'offset=-1')
    const with_ = (etag: string | null) => ({ init: { headers: { 'if-none-match': etag ?? '' } } })
    const stranger = await ask(readerOf(acme), name, 'offset=-1', with_(theirs.headers.get('etag')))
    expect([stranger.status, (await rowsOf(stranger)).length]).toEqual([200, count])
    const again = await ask(readerOf(acme), name, 'offset=-1', with_(own.headers.get('etag')))
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(again.headers.get('cache-control')).toBe('private, no-cache')
  })

  test('HEAD has the headers of GET and no body', async () => {
    const answer = await ask(readerOf(acme), name, 'offset=-1', { init: { method: 'HEAD' } })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(answer.headers.get('electric-handle')).toBeTruthy()
    expect(JSON.parse(answer.headers.get('electric-schema') ?? '')).toHaveProperty(SHAPE_COLUMNS[name][0])
  })
})

test.each([
  ['offset=', 'offset'],
  ['offset=; DROP TABLE leads', 'offset'],
  ['offset=-1&live=true', 'live'],
  ['offset=0_0', 'handle'],
  ['', 'offset'],
])('what the reader got wrong is told in the words of the protocol: %s', async (query, field) => {
  const answer = await ask(acme.member, 'leads', encodeURI(query))
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ errors: { [field]: [expect.any(String)] } })
})

test('a wrong secret is our own mistake: 503, and no word of it', async () => {
  const asked = proxyShape({
    request: new Request('http://acme.localhost/api/shapes/leads?offset=-1'),
    name: 'leads',
    authorise: async () => acme.member,
    electricUrl: electric.url,
    electricSecret: 'not-this-one',
  })
  await expect(asked).rejects.toMatchObject({ code: 'upstream_unavailable' })
})

test('members of one tenant that wait for the same are one request at Electric, and all hear the news', async () => {
  const livePolls = new LivePolls()
  const start = await ask(acme.member, 'leads', 'offset=now')
  const query = `${placeOf(start)}&live=true`
  const news = Array.from({ length: 20 }, (_, index) =>
    ask({ ...acme.member, userId: `user-${index}` } as ShapeReader, 'leads', query, { livePolls }),
  )
  const ofOthers = ask(lumen.member, 'leads', `${placeOf(await ask(lumen.member, 'leads', 'offset=now'))}&live=true`, {
    livePolls,
  })
  await vi.waitFor(() => expect(livePolls.size).toBe(2))
  await stack.owner.update(schema.leads).set({ status: 'reviewing' }).where(eq(schema.leads.id, acme.leadId))
  for (const answer of await Promise.all(news)) {
    expect(await rowsOf(answer)).toMatchObject([{ id: acme.leadId, status: 'reviewing' }])
  }
  expect(await rowsOf(await ofOthers)).toEqual([])
  expect(livePolls.size).toBe(0)
})

test('a member who is removed while they wait hears no news', async () => {
  const start = await ask(acme.member, 'leads', 'offset=now')
  let isMember = true
  const livePolls = new LivePolls()
  const news = proxyShape({
    request: new Request(`http://app.localhost/api/shapes/leads?${placeOf(start)}&live=true`),
    name: 'leads',
    authorise: async () => {
      if (!isMember) throw new ProblemError('not_allowed')
      return acme.member
    },
    electricUrl: electric.url,
    electricSecret: SECRET,
    livePolls,
  })
  await vi.waitFor(() => expect(livePolls.size).toBe(1))
  isMember = false
  const refused = expect(news).rejects.toMatchObject({ code: 'not_allowed' })
  await stack.owner.update(schema.leads).set({ status: 'won' }).where(eq(schema.leads.id, acme.leadId))
  await refused
})

/** The proxy as a server, for clients that want an address. */
async function serve(): Promise<{ url: string; server: Server }> {
  const server = createServer(async (incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.on('close', () => gone.abort())
    const name = incoming.url?.split('?')[0]?.slice(1) ?? ''
    try {
      const query = incoming.url?.split('?')[1] ?? ''
      const answer = await ask(acme.member, name, query, { init: { signal: gone.signal } })
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
      for await (const chunk of answer.body ?? []) outgoing.write(chunk)
      outgoing.end()
    } catch {
      outgoing.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

test.each([false, true])('the official client follows a shape through the proxy (events: %s)', async (liveSse) => {
  const { url, server } = await serve()
  const aborted = new AbortController()
  try {
    const stream = new ShapeStream({ url: `${url}/lead_events`, liveSse, signal: aborted.signal })
    const seen: unknown[] = []
    let isUpToDate = false
    stream.subscribe((messages) => {
      for (const message of messages) {
        if ('value' in message) seen.push(message.value.op_id)
        else if (message.headers.control === 'up-to-date') isUpToDate = true
      }
    })
    await vi.waitFor(() => expect(isUpToDate).toBe(true), 10_000)
    const opId = randomUUID()
    await stack.owner.insert(schema.leadEvents).values({
      tenantId: acme.tenant.id,
      leadId: acme.leadId,
      kind: 'changed',
      actorKind: 'member',
      actorId: 'user-1',
      opId,
      capturedAt: new Date(),
    })
    await vi.waitFor(() => expect(seen).toContain(opId), 10_000)
  } finally {
    aborted.abort()
    server.closeAllConnections()
    server.close()
  }
})
