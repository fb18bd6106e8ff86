import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ShapeConnection } from './shape-connection.ts'
import type { SubscriptionStatus } from './subscription-state.ts'

const LIVE = 'http://acme.localhost/api/shapes/receipts?offset=5_0&handle=h&live=true&cursor=7'
const JSON_TYPE = { 'content-type': 'application/json' }
const HEADERS = { ...JSON_TYPE, 'electric-handle': 'h', 'electric-offset': '5_0' }
const good = (body = '[]', headers: Record<string, string> = {}) =>
  new Response(body, { headers: { ...HEADERS, ...headers } })

type Step = (init: RequestInit) => Response | Promise<Response>

const unreachable: Step = () => Promise.reject(new TypeError('Failed to fetch'))
const silent: Step = (init) =>
  new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)))

/** A connection to a server that answers by these steps; the last one stays. */
function connect(...steps: Step[]) {
  const asked: { url: URL; atMs: number; init: RequestInit }[] = []
  const seen: SubscriptionStatus[] = []
  const startedAtMs = Date.now()
  const connection = new ShapeConnection({
    onState: ({ status }) => {
      if (seen.at(-1) !== status) seen.push(status)
    },
    // The whole of every ceiling.
    random: () => 1,
    fetch: async (input, init = {}) => {
      asked.push({ url: new URL(String(input)), atMs: Date.now() - startedAtMs, init })
      const step = steps.length > 1 ? steps.shift() : steps[0]
      return step ? step(init) : good()
    },
  })
  return { connection, asked, seen, times: () => asked.map(({ atMs }) => atMs) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Lets time go until the promise settles. */
async function settle<T>(promise: Promise<T>, withinMs = 600_000): Promise<T> {
  let isSettled = false
  const mark = () => {
    isSettled = true
  }
  promise.then(mark, mark)
  for (let passedMs = 0; passedMs < withinMs && !isSettled; passedMs += 250) await vi.advanceTimersByTimeAsync(250)
  expect(isSettled, 'it comes to an end').toBe(true)
  return promise
}

describe('what passes by itself is waited out', () => {
  test('with a ceiling that doubles from one second to a minute', async () => {
    const { connection, times, seen } = connect(...Array<Step>(8).fill(unreachable), () => good())
    await settle(connection.fetch(LIVE))
    const gaps = times().map((atMs, index) => atMs - (times()[index - 1] ?? 0))
    expect(gaps).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    expect(seen).toEqual(['reconnecting'])
  })

  test.each<[string, Step]>([
    ['no network', unreachable],
    ['a 500', () => new Response('', { status: 500 })],
    ['a 503 in JSON', () => new Response('{}', { status: 503, headers: JSON_TYPE })],
    ['a 429', () => new Response('', { status: 429 })],
    ["a network's sign-in page", () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
    [
      'a sign-in page with status 403',
      () => new Response('<html>', { status: 403, headers: { 'content-type': 'text/html' } }),
    ],
    ['JSON of somebody else', () => new Response('{"ok":true}', { headers: JSON_TYPE })],
    ['JSON that was cut off', () => good('[{"value":{"id":')],
    ['nothing at all', () => good('')],
    [
      'a connection that breaks in the middle',
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('[')),
            pull: (controller) => controller.error(new TypeError('terminated')),
          }),
          { headers: HEADERS },
        ),
    ],
  ])('%s is no answer', async (_, step) => {
    const { connection, seen, asked } = connect(step, () => good('[1]'))
    const response = await settle(connection.fetch(LIVE))
    expect(await response.text()).toBe('[1]')
    expect(asked).toHaveLength(2)
    expect(seen).toEqual(['reconnecting'])
    expect(connection.state.problem).toMatch(/\w/)
  })

  test.each([400, 401, 403, 404, 409])('%i in JSON is an answer, and the client gets it', async (status) => {
    const { connection, asked } = connect(
      () => new Response('{}', { status, headers: { 'content-type': 'application/problem+json' } }),
    )
    expect((await settle(connection.fetch(LIVE))).status).toBe(status)
    expect(asked).toHaveLength(1)
  })

  test('whoever comes back does not wait for news to know how it stands', async () => {
    const { connection, asked } = connect(unreachable, () => good())
    const response = await settle(connection.fetch(LIVE))
    expect(asked.map(({ url }) => url.searchParams.get('live'))).toEqual(['true', null])
    expect(response.headers.get('electric-cursor'), 'the client asked for news, and needs one').toBe('7')
  })

  test('is asked of the server, never of a cache', async () => {
    const { connection, asked } = connect(() => good())
    await settle(connection.fetch(LIVE))
    expect(asked[0]?.init.cache).toBe('no-store')
  })
})

describe('Retry-After', () => {
  const busy: Step = () => new Response('', { status: 503, headers: { 'retry-after': '30' } })

  test('is the least delay, also for who comes back to the page', async () => {
    const { connection, times } = connect(busy, () => good())
    const answer = connection.fetch(LIVE)
    await vi.advanceTimersByTimeAsync(10_000)
    connection.setOnline(true)
    await vi.advanceTimersByTimeAsync(19_000)
    expect(times()).toEqual([0])
    await settle(answer)
    expect(times()).toEqual([0, 30_000])
  })
})

describe('the network', () => {
  test('that comes back ends the waiting at once', async () => {
    const { connection, times, seen } = connect(...Array<Step>(7).fill(unreachable), () => good())
    const answer = connection.fetch(LIVE)
    await vi.advanceTimersByTimeAsync(63_000)
    expect(times()).toHaveLength(7)
    connection.setOnline(false)
    connection.setOnline(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(times().at(-1)).toBe(63_000)
    await answer
    expect(seen).toEqual(['reconnecting', 'offline', 'reconnecting'])
  })

  test('a wait from before it went is not trusted', async () => {
    const { connection, asked, seen } = connect(silent, () => good())
    const answer = connection.fetch(LIVE)
    await vi.advanceTimersByTimeAsync(3_000)
    connection.setOnline(false)
    connection.setOnline(true)
    await settle(answer)
    expect(asked).toHaveLength(2)
    expect(seen).toEqual(['offline', 'reconnecting'])
  })

  test('a wait that is young is left alone when a person comes back to the page', async () => {
    const { connection, asked } = connect(silent, () => good())
    const answer = connection.fetch(LIVE)
    await vi.advanceTimersByTimeAsync(10_000)
    connection.setOnline(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(10_000)
    // By now the server has answered, if there is one.
    connection.setOnline(true)
    await settle(answer)
    expect(asked).toHaveLength(2)
  })
})

test('what begins anew without a network begins offline', () => {
  const { connection, seen } = connect()
  connection.setOnline(false)
  connection.dispatch({ type: 'unauthorized', problem: 'status 401' })
  connection.dispatch({ type: 'started' })
  expect(seen).toEqual(['offline', 'unauthorized', 'offline'])
})

describe('silence', () => {
  test('for 45 s is a dead connection: it is left, and the next one tried', async () => {
    const { connection, asked, times, seen } = connect(silent, () => good())
    await settle(connection.fetch(LIVE))
    expect(asked[0]?.init.signal?.aborted).toBe(true)
    expect(times()[1]).toBeGreaterThan(45_000)
    expect(times()[1]).toBeLessThan(55_000)
    expect(seen).toEqual(['reconnecting'])
    expect(connection.state.problem).toBe('the connection fell silent')
  })

  test('in the middle of an answer counts from its last byte', async () => {
    const dripping: Step = (init) =>
      new Response(
        new ReadableStream({
          async start(controller) {
            init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
            for (const piece of ['[', '1', ',2', ']']) {
              await new Promise((resolve) => setTimeout(resolve, 40_000))
              if (init.signal?.aborted) return
              controller.enqueue(new TextEncoder().encode(piece))
            }
            controller.close()
          },
        }),
        { headers: HEADERS },
      )
    const { connection, asked } = connect(dripping)
    const response = await settle(connection.fetch(LIVE))
    expect(await response.text()).toBe('[1,2]')
    expect(asked).toHaveLength(1)
  })

  test('of a device that slept is noticed soon after it wakes', async () => {
    const { connection, asked, times } = connect(silent, () => good())
    const answer = connection.fetch(LIVE)
    await vi.advanceTimersByTimeAsync(4_000)
    // Its timers stood still for an hour; the clock did not.
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(7_000)
    await answer
    expect(asked).toHaveLength(2)
    expect(times()[1]).toBeLessThan(3_600_000 + 12_000)
  })
})

test('a server that has no news and says so at once is asked at a pace', async () => {
  const { connection, asked } = connect(() => good())
  const follow = (async () => {
    for (;;) await connection.fetch(LIVE)
  })()
  follow.catch(() => {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBeLessThan(15)
})

test('a server that has news is asked as fast as it has them', async () => {
  let offset = 5
  const { connection, asked } = connect(() => good('[1]', { 'electric-offset': `${++offset}_0` }))
  for (let turn = 0; turn < 100; turn += 1) await connection.fetch(LIVE)
  expect(asked).toHaveLength(100)
})

test('a subscription that is given up asks no more, and reports nothing', async () => {
  const given = new AbortController()
  const { connection, asked, seen } = connect(unreachable)
  const answer = connection.fetch(LIVE, { signal: given.signal })
  const rejected = expect(answer).rejects.toThrow('given up')
  await vi.advanceTimersByTimeAsync(500)
  given.abort(new Error('given up'))
  await rejected
  await vi.advanceTimersByTimeAsync(300_000)
  expect(asked).toHaveLength(1)
  expect(seen).toEqual(['reconnecting'])
  expect(vi.getTimerCount()).toBe(0)
})
