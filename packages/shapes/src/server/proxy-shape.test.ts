import { ProblemError } from '@landfall/contract'
import { describe, expect, test } from 'vitest'
import { asPrivate, proxyShape } from './proxy-shape.ts'
import type { ShapeReader } from './shape-definitions.ts'

const visitor: ShapeReader = { kind: 'visitor', tenantId: 'tenant-a', clientId: 'client-a' }
const member: ShapeReader = { kind: 'member', tenantId: 'tenant-a', userId: 'user-a' }

/** Asks through the proxy and returns what Electric was asked. */
async function ask(query: string, options: { reader?: ShapeReader; name?: string; answer?: Response } = {}) {
  const seen: { url?: URL; init?: RequestInit | undefined } = {}
  const response = await proxyShape({
    request: new Request(`http://acme.localhost/api/shapes/receipts?${query}`),
    name: options.name ?? 'receipts',
    reader: options.reader ?? visitor,
    electricUrl: 'http://electric.internal:3000',
    electricSecret: 's3cret',
    fetch: async (input, init) => {
      seen.url = new URL(String(input))
      seen.init = init
      return options.answer ?? new Response('[]')
    },
  })
  return { response, parameters: seen.url?.searchParams, init: seen.init }
}

describe('of a request only the protocol goes on', () => {
  test.each([
    'table=accounts',
    'where=true',
    'where=1%3D1&params[1]=x',
    'params[1]=tenant-b',
    'params[2]=client-b&params[3]=x',
    'params={"1":"tenant-b"}',
    'columns=values',
    'secret=mine',
    'api_secret=mine',
    'replica=full',
    'subset__where=client_id%20%3D%20%27x%27',
    'queryable_columns=client_id',
    'tenant_id=tenant-b',
  ])('%s changes nothing', async (hostile) => {
    const { parameters } = await ask(`offset=-1&${hostile}`)
    expect(Object.fromEntries(parameters ?? [])).toEqual({
      offset: '-1',
      table: 'lead_receipts',
      columns: '"tenant_id","lead_id","status","form_title","captured_at","received_at","status_changed_at","version"',
      where: 'tenant_id = $1 AND client_id = $2',
      'params[1]': 'tenant-a',
      'params[2]': 'client-a',
      secret: 's3cret',
    })
  })

  test('offset, handle, live and cursor do', async () => {
    const { parameters } = await ask('offset=0_0&handle=h&live=true&cursor=7&cache-buster=x')
    expect(Object.fromEntries(parameters ?? [])).toMatchObject({
      offset: '0_0',
      handle: 'h',
      live: 'true',
      cursor: '7',
      'cache-buster': 'x',
    })
  })
})

describe('a shape is for its readers', () => {
  test.each([
    ['leads', visitor],
    ['receipts', member],
    ['accounts', member],
    ['constructor', visitor],
    ['__proto__', member],
  ])('%s is not there for %j', async (name, reader) => {
    await expect(ask('offset=-1', { name, reader })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a visitor sees no personal data and a member no device', async () => {
    expect((await ask('offset=-1')).parameters?.get('columns')).not.toMatch(/values|client_id/)
    const leads = await ask('offset=-1', { name: 'leads', reader: member })
    expect(leads.parameters?.get('columns')).not.toMatch(/client_id/)
    expect(leads.parameters?.get('where')).toBe('tenant_id = $1')
  })
})

describe('the answer', () => {
  test('keeps what the client needs and what no shared cache may keep', async () => {
    const answer = new Response('[]', {
      headers: {
        'cache-control': 'public, max-age=60, s-maxage=3600, stale-while-revalidate=300',
        'content-encoding': 'gzip',
        'content-length': '999',
        'electric-handle': 'h',
        'electric-offset': '0_0',
        etag: '"e"',
      },
    })
    const { response } = await ask('offset=-1', { answer })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, max-age=60, stale-while-revalidate=300',
      'electric-handle': 'h',
      'electric-offset': '0_0',
      etag: '"e"',
      vary: 'authorization, cookie',
    })
    expect(response.headers.has('content-encoding')).toBe(false)
    expect(response.headers.has('content-length')).toBe(false)
  })

  test('passes on must-refetch and a bad offset', async () => {
    const { response } = await ask('offset=-1', { answer: new Response('[{}]', { status: 409 }) })
    expect(response.status).toBe(409)
  })

  test('is a problem with Retry-After when Electric is away or refuses our secret', async () => {
    await expect(ask('offset=-1', { answer: new Response('', { status: 401 }) })).rejects.toMatchObject({
      code: 'upstream_unavailable',
      retryAfterMs: 5_000,
    })
    const away = proxyShape({
      request: new Request('http://acme.localhost/api/shapes/receipts?offset=-1'),
      name: 'receipts',
      reader: visitor,
      electricUrl: 'http://electric.internal:3000',
      fetch: async () => {
        throw new TypeError('fetch failed')
      },
    })
    await expect(away).rejects.toThrow(ProblemError)
  })

  test('comes at once when the process is asked to end: who waits for news comes again to another', async () => {
    const stopping = new AbortController()
    const waiting = proxyShape({
      request: new Request('http://acme.localhost/api/shapes/receipts?offset=0_0&handle=h&live=true'),
      name: 'receipts',
      reader: visitor,
      electricUrl: 'http://electric.internal:3000',
      stopping: stopping.signal,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
    })
    stopping.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'upstream_unavailable', retryAfterMs: 2_000 })
  })

  test('goes with the request: who leaves is not waited for', async () => {
    const { init } = await ask('offset=-1')
    expect(init?.signal).toBeInstanceOf(AbortSignal)
  })
})

test.each([
  ['public, max-age=5', 'private, max-age=5'],
  ['no-store', 'private, no-store'],
])('%s becomes %s', (from, to) => {
  expect(asPrivate(from)).toBe(to)
})
