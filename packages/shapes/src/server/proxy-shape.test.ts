import { ProblemError } from '@landfall/contract'
import { describe, expect, test, vi } from 'vitest'
import { answer, member, ScriptedElectric, visitor, waiting } from '../testing/scripted-electric.ts'
import { LivePolls } from './live-polls.ts'

const RECEIPTS = {
  table: 'lead_receipts',
  columns: '"tenant_id","lead_id","status","form_title","captured_at","received_at","status_changed_at","version"',
  where: 'tenant_id = $1 AND client_id = $2',
  'params[1]': 'tenant-a',
  'params[2]': 'client-a',
  secret: 's3cret',
}

describe('of a request only the place in the log goes on', () => {
  test.each([
    'table=accounts',
    'TABLE=accounts',
    'Where=true',
    'where=true',
    'where=1%3D1&params[1]=x',
    'params[1]=tenant-b',
    'params%5B1%5D=tenant-b',
    'params[2]=client-b&params[3]=x',
    'params[]=tenant-b',
    'params={"1":"tenant-b"}',
    'columns=values',
    'columns[]=values',
    'secret=mine',
    'api_secret=mine',
    'replica=full',
    'log=changes_only',
    'subset__where=client_id%20%3D%20%27x%27',
    'subset__params={"1":"x"}',
    'subset__order_by=client_id',
    'subset__limit=1&subset__offset=1',
    'subset__where_expr={}',
    'queryable_columns=client_id',
    'tenant_id=tenant-b',
    '__proto__=x&constructor=y&__proto__[table]=accounts',
    'table=a&table=b',
    'offset[]=0_0',
  ])('%s changes nothing', async (hostile) => {
    const electric = new ScriptedElectric()
    await electric.ask(`offset=-1&${hostile}`)
    expect(electric.parameters).toEqual({ offset: '-1', ...RECEIPTS })
  })

  test('offset, handle, live, cursor and the cache busters do', async () => {
    const electric = new ScriptedElectric()
    const place = { offset: '0_0', handle: 'h', live: 'true', cursor: '7', 'cache-buster': 'x', expired_handle: 'o' }
    await electric.ask(String(new URLSearchParams(place)))
    expect(electric.parameters).toEqual({ ...RECEIPTS, ...place })
  })

  test.each(['offset=-1&offset=0_0', 'offset=0_0&handle=a&handle=b', 'offset=0_0&handle=h&live=true&live=false'])(
    '%s, where two could count, is refused',
    async (query) => {
      await expect(new ScriptedElectric().ask(query)).rejects.toMatchObject({ code: 'malformed_request' })
    },
  )

  test.each(['handle=', 'offset=', 'cursor=', 'anything='])('%s… without end is refused', async (name) => {
    const electric = new ScriptedElectric()
    await expect(electric.ask(`offset=-1&${name}${'9'.repeat(3_000)}`)).rejects.toMatchObject({
      code: 'address_too_long',
    })
    expect(electric.asked).toEqual([])
  })

  test('a body is not read: subsets asked for by POST do not exist', async () => {
    const electric = new ScriptedElectric()
    await electric.ask('offset=-1', { init: { method: 'POST', body: '{"where":"true","table":"accounts"}' } })
    expect(electric.parameters).toEqual({ offset: '-1', ...RECEIPTS })
    expect(electric.asked[0]?.init).toMatchObject({ method: 'GET' })
    expect(electric.asked[0]?.init.body).toBeUndefined()
  })
})

describe('a shape is for its readers', () => {
  test.each([
    ['leads', visitor],
    ['members', visitor],
    ['receipts', member],
    ['accounts', member],
    ['constructor', visitor],
    ['__proto__', member],
  ])('%s is not there for %j', async (name, reader) => {
    await expect(new ScriptedElectric().ask('offset=-1', { name, reader })).rejects.toMatchObject({ code: 'not_found' })
  })

  test.each([
    ['receipts', visitor, /values|client_id/],
    ['leads', member, /client_id|field_edits/],
    ['lead_events', member, /actor_id/],
    ['members', member, /email/],
  ])('%s has no hidden column', async (name, reader, hidden) => {
    const electric = new ScriptedElectric()
    await electric.ask('offset=-1', { name, reader })
    expect(electric.parameters.columns).not.toMatch(hidden)
    expect(electric.parameters['params[1]']).toBe('tenant-a')
  })

  test('nobody is asked before the reader is proven', async () => {
    const electric = new ScriptedElectric()
    const authorise = () => Promise.reject(new ProblemError('not_signed_in'))
    await expect(electric.ask('offset=-1', { authorise })).rejects.toMatchObject({ code: 'not_signed_in' })
    expect(electric.asked).toEqual([])
  })
})

describe('the answer', () => {
  test('keeps what the client needs, and no cache shows it without asking again', async () => {
    const headers = {
      'cache-control': 'public, max-age=60, s-maxage=3600, stale-while-revalidate=300',
      'content-encoding': 'gzip',
      'content-length': '999',
      etag: '"e"',
      'electric-server': 'Somebody/1',
      'access-control-allow-origin': '*',
      'set-cookie': 'a=b',
      'surrogate-control': 'max-age=60',
      'x-internal': 'host-7',
    }
    const response = await new ScriptedElectric(() => answer('[]', { headers })).ask('offset=-1')
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'private, no-cache',
      'content-type': 'application/json',
      'electric-handle': 'h',
      'electric-offset': '0_0',
      etag: '"e"',
      vary: 'authorization, cookie, origin',
    })
  })

  test('is "not modified" only by what the reader was given: the etag goes on', async () => {
    const electric = new ScriptedElectric(() => new Response(null, { status: 304, headers: { etag: '"e"' } }))
    const response = await electric.ask('offset=-1', { init: { headers: { 'if-none-match': '"e"' } } })
    expect(electric.asked[0]?.init.headers).toEqual({ 'if-none-match': '"e"' })
    expect(response.status).toBe(304)
    expect(response.body).toBeNull()
  })

  test('passes on must-refetch, and a 400 about what the reader chose', async () => {
    const refetch = await new ScriptedElectric(() => answer('[{}]', { status: 409 })).ask('offset=-1')
    expect([refetch.status, await refetch.text()]).toEqual([409, '[{}]'])
    const body = '{"message":"Invalid request","errors":{"offset":["has invalid format"]}}'
    const bad = await new ScriptedElectric(() => answer(body, { status: 400 })).ask('offset=x')
    expect([bad.status, await bad.text()]).toEqual([400, body])
  })

  test.each<[string, () => Response]>([
    ['refuses our secret', () => new Response('{"message":"Unauthorized"}', { status: 401 })],
    ['refuses us', () => new Response('', { status: 403 })],
    ['does not know the table', () => new Response('{"errors":{"table":["does not exist"]}}', { status: 400 })],
    ['says something unreadable', () => new Response('what?', { status: 400 })],
    ['is another service', () => new Response('<html>', { status: 200 })],
    ['has no such route', () => new Response('Not found', { status: 404 })],
    ['fails', () => new Response('stack trace', { status: 500 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')) as never],
  ])('is 503 when Electric %s, and nothing of its words is shown', async (_, send) => {
    await expect(new ScriptedElectric(send).ask('offset=-1')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      retryAfterMs: 5_000,
      message: 'The live updates are not available; what is on the device stays.',
    })
  })

  test.each([429, 503])('of an overloaded Electric (%i) is 503 with its own time to come again', async (status) => {
    const headers = { 'retry-after': '17', 'electric-internal-known-error': 'true' }
    const electric = new ScriptedElectric(() => new Response('{}', { status, headers }))
    await expect(electric.ask('offset=-1')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      retryAfterMs: 17_000,
      headers: { 'electric-internal-known-error': 'true' },
    })
  })

  test('of an Electric that never answers is 503 in the end', async () => {
    vi.useFakeTimers()
    try {
      const asked = new ScriptedElectric((_, init) => waiting(init)).ask('offset=-1')
      const refused = expect(asked).rejects.toMatchObject({ code: 'upstream_unavailable' })
      await vi.advanceTimersByTimeAsync(40_000)
      await refused
    } finally {
      vi.useRealTimers()
    }
  })

  test.each(['live=true', 'live=true&live_sse=true', ''])(
    'comes at once when the process is asked to end (%s): who waits for news comes again to another',
    async (live) => {
      const stopping = new AbortController()
      const electric = new ScriptedElectric((_, init) => waiting(init))
      const asked = electric.ask(`offset=0_0&handle=h&${live}`, { stopping: stopping.signal })
      await vi.waitFor(() => expect(electric.asked).toHaveLength(1))
      stopping.abort()
      await expect(asked).rejects.toMatchObject({ code: 'upstream_unavailable', retryAfterMs: 2_000 })
    },
  )

  test.each(['live=true', 'live=true&live_sse=true', ''])(
    'is not waited for once its reader left (%s)',
    async (live) => {
      const leaving = new AbortController()
      const electric = new ScriptedElectric((_, init) => waiting(init))
      const asked = electric.ask(`offset=0_0&handle=h&${live}`, { init: { signal: leaving.signal } })
      await vi.waitFor(() => expect(electric.asked).toHaveLength(1))
      leaving.abort()
      await expect(asked).rejects.toThrow()
      await vi.waitFor(() => expect(electric.asked[0]?.init.signal?.aborted).toBe(true))
    },
  )

  test('streams: its first bytes are there before Electric has the last', async () => {
    let electricsEnd: ReadableStreamDefaultController<Uint8Array> | undefined
    const half = new ReadableStream<Uint8Array>({
      start(controller) {
        electricsEnd = controller
        controller.enqueue(new TextEncoder().encode('[1'))
      },
    })
    const response = await new ScriptedElectric(() => answer(half)).ask('offset=-1')
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('[1')
    electricsEnd?.enqueue(new TextEncoder().encode(']'))
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(']')
  })

  test('of events asks that nobody on the way holds them back', async () => {
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'public, max-age=59' }
    const electric = new ScriptedElectric(() => answer('data: {}\n\n', { headers }))
    const response = await electric.ask('offset=0_0&handle=h&live=true&live_sse=true')
    expect(response.headers.get('cache-control')).toBe('private, no-cache, no-transform')
    expect(await response.text()).toBe('data: {}\n\n')
  })
})

describe('who was removed while waiting for news', () => {
  const removedAfter = (looks: number) => {
    let seen = 0
    return async () => {
      seen += 1
      if (seen > looks) throw new ProblemError('not_allowed')
      return member
    }
  }

  test.each([
    ['alone', { init: { headers: { 'if-none-match': '"x"' } } }],
    ['with others', {}],
  ])('%s, gets the refusal and not the news', async (_, changes) => {
    const electric = new ScriptedElectric(() => answer('[{"value":{"id":"1"}}]'))
    const asked = electric.ask('offset=0_0&handle=h&live=true', {
      authorise: removedAfter(1),
      name: 'leads',
      ...changes,
    })
    await expect(asked).rejects.toMatchObject({ code: 'not_allowed' })
    expect(electric.asked).toHaveLength(1)
  })

  test('by events, gets no further event: the stream ends', async () => {
    const twoEvents = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const event of ['data: 1\n\n', 'data: 2\n\n']) controller.enqueue(new TextEncoder().encode(event))
      },
    })
    const electric = new ScriptedElectric(() => answer(twoEvents))
    const response = await electric.ask('offset=0_0&handle=h&live=true&live_sse=true', {
      authorise: removedAfter(3),
      authorisedForMs: 0,
      name: 'leads',
    })
    expect(await response.text()).toBe('data: 1\n\n')
  })

  test('and is somebody else by now, gets nothing either', async () => {
    const readers = [visitor, { ...visitor, tenantId: 'tenant-b' }]
    const authorise = async () => readers.shift() ?? visitor
    const asked = new ScriptedElectric().ask('offset=0_0&handle=h&live=true', { authorise })
    await expect(asked).rejects.toMatchObject({ code: 'not_allowed' })
  })

  test('is looked at once when the answer comes at once', async () => {
    const authorise = vi.fn(async () => member)
    await new ScriptedElectric().ask('offset=-1', { authorise, name: 'leads' })
    expect(authorise).toHaveBeenCalledTimes(1)
  })
})

describe('readers that wait for the same', () => {
  const LIVE = 'offset=0_0&handle=h&live=true'

  /** Electric that answers when it is told to. */
  function electricWithNews() {
    let tell: (response: Response) => void = () => {}
    const electric = new ScriptedElectric((_, init) => {
      const news = new Promise<Response>((resolve) => {
        tell = resolve
      })
      return Promise.race([news, waiting(init)])
    })
    return { electric, livePolls: new LivePolls(100), tell: (text: string) => tell(answer(text)) }
  }

  test('cost Electric one request, and each gets the whole answer', async () => {
    const { electric, livePolls, tell } = electricWithNews()
    const asked = Array.from({ length: 50 }, () => electric.ask(LIVE, { reader: member, livePolls }))
    await vi.waitFor(() => expect(livePolls.size).toBe(1))
    await new Promise(setImmediate)
    tell('[{"value":{"id":"1"}}]')
    for (const response of await Promise.all(asked)) {
      expect(response.headers.get('electric-handle')).toBe('h')
      expect(await response.text()).toBe('[{"value":{"id":"1"}}]')
    }
    expect(electric.asked).toHaveLength(1)
    expect(livePolls.size).toBe(0)
  })

  test('do not when they are of two tenants, at two places, conditional, by events, or no wait at all', async () => {
    const { electric, livePolls } = electricWithNews()
    const leaving = new AbortController()
    const init = { signal: leaving.signal }
    const others = [
      electric.ask(LIVE, { reader: member, livePolls, init }),
      electric.ask(LIVE, { reader: { ...member, tenantId: 'tenant-b' }, livePolls, init }),
      electric.ask(LIVE.replace('0_0', '5_0'), { reader: member, livePolls, init }),
      electric.ask(`${LIVE}&cursor=1`, { reader: member, livePolls, init }),
      electric.ask(LIVE, { reader: member, name: 'forms', livePolls, init }),
      electric.ask(LIVE, { reader: member, livePolls, init: { ...init, headers: { 'if-none-match': '"e"' } } }),
      electric.ask(`${LIVE}&live_sse=true`, { reader: member, livePolls, init }),
      electric.ask('offset=-1', { reader: member, livePolls, init }),
    ]
    await vi.waitFor(() => expect(electric.asked).toHaveLength(others.length))
    leaving.abort()
    await Promise.allSettled(others)
  })

  test('are each proven, before and after', async () => {
    const { electric, livePolls, tell } = electricWithNews()
    const removed = [member]
    const stays = electric.ask(LIVE, { reader: member, livePolls })
    const goes = electric.ask(LIVE, {
      livePolls,
      name: 'leads',
      authorise: async () => {
        const reader = removed.pop()
        if (!reader) throw new ProblemError('not_allowed')
        return reader
      },
    })
    await vi.waitFor(() => expect(electric.asked).toHaveLength(1))
    await new Promise(setImmediate)
    tell('[1]')
    await expect(goes).rejects.toMatchObject({ code: 'not_allowed' })
    expect(await (await stays).text()).toBe('[1]')
  })

  test('who leaves, or reads slowly, harms no other; when the last leaves, Electric is told', async () => {
    const { electric, livePolls, tell } = electricWithNews()
    const ask = (leaving?: AbortController) =>
      electric.ask(LIVE, { reader: member, livePolls, ...(leaving && { init: { signal: leaving.signal } }) })
    const leaving = new AbortController()
    const [leaves, slow, stays] = [ask(leaving), ask(), ask()]
    await vi.waitFor(() => expect(electric.asked).toHaveLength(1))
    await new Promise(setImmediate)
    leaving.abort()
    await expect(leaves).rejects.toThrow()
    expect(electric.asked[0]?.init.signal?.aborted).toBe(false)
    tell('[1]')
    const notReadYet = await slow
    expect(await (await stays).text()).toBe('[1]')
    expect(await notReadYet.text()).toBe('[1]')

    const alone = new AbortController()
    const last = ask(alone)
    await vi.waitFor(() => expect(electric.asked).toHaveLength(2))
    alone.abort()
    await expect(last).rejects.toThrow()
    expect(electric.asked[1]?.init.signal?.aborted).toBe(true)
    expect(livePolls.size).toBe(0)
  })

  test('ask each for themselves when the news are too many to be kept', async () => {
    const long = `[${'"x",'.repeat(50)}1]`
    const electric = new ScriptedElectric(() => answer(long))
    const livePolls = new LivePolls(100)
    const asked = await Promise.all([1, 2].map(() => electric.ask(LIVE, { reader: member, livePolls })))
    for (const response of asked) expect(await response.text()).toBe(long)
    expect(electric.asked).toHaveLength(3)
  })

  test('all hear it when Electric breaks off', async () => {
    const broken = () =>
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
        pull: (controller) => controller.error(new TypeError('terminated')),
      })
    const electric = new ScriptedElectric(() => answer(broken()))
    const livePolls = new LivePolls()
    const asked = [1, 2].map(() => electric.ask(LIVE, { reader: member, livePolls }))
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(livePolls.size).toBe(0)
  })

  test('are not held by a wait that Electric forgot, however many join it', async () => {
    vi.useFakeTimers()
    try {
      const electric = new ScriptedElectric(() => answer(new ReadableStream()))
      const livePolls = new LivePolls()
      const refused = expect(electric.ask(LIVE, { reader: member, livePolls })).rejects.toMatchObject({
        code: 'upstream_unavailable',
      })
      await vi.advanceTimersByTimeAsync(50_000)
      await refused
      expect(livePolls.size).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
