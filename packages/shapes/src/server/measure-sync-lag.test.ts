import { expect, test } from 'vitest'
import { measureSyncLag, type SyncLagOptions } from './measure-sync-lag.ts'

/** Electric as far as the measurement sees it: a log of one table, whose changes reach whoever asks or waits. */
function fakeElectric() {
  const asked: URL[] = []
  const log: string[] = []
  let wake = () => {}
  const answerFrom = (position: number) => {
    const changes = log.slice(position).map((token) => ({
      key: '"public"."sync_probe"/"1"',
      value: { id: '1', token },
      headers: { operation: 'update' },
    }))
    return new Response(JSON.stringify([...changes, { headers: { control: 'up-to-date' } }]), {
      headers: { 'electric-handle': 'h-1', 'electric-offset': `${log.length}_0`, 'electric-cursor': '7' },
    })
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input))
    asked.push(url)
    const offset = url.searchParams.get('offset') ?? ''
    if (offset === 'now') return answerFrom(log.length)
    const position = Number.parseInt(offset, 10)
    if (log.length === position) {
      await new Promise<void>((resolve, reject) => {
        wake = resolve
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    }
    return answerFrom(position)
  }
  const change = (token: string) => {
    log.push(token)
    wake()
  }
  return { asked, fetch, change }
}

function measure(electric: ReturnType<typeof fakeElectric>, changes: Partial<SyncLagOptions>) {
  return measureSyncLag({
    electricUrl: 'http://electric.internal:3000',
    electricSecret: 's3cret',
    writeToken: async () => {},
    capMs: 100,
    fetch: electric.fetch,
    ...changes,
  })
}

test('a token that comes back is timed from its commit', async () => {
  const electric = fakeElectric()
  const measured = await measure(electric, {
    capMs: 5_000,
    writeToken: async (token) => {
      // Electric hears of a commit when it is done.
      setTimeout(() => electric.change(token), 20)
    },
  })
  expect(measured.isConnected).toBe(true)
  expect(measured.lagMs).toBeGreaterThan(10)
  expect(measured.lagMs).toBeLessThan(5_000)
  const [first, second] = electric.asked.map(({ searchParams }) => Object.fromEntries(searchParams))
  expect(first).toEqual({ table: 'sync_probe', columns: 'id,token', offset: 'now', secret: 's3cret' })
  expect(second).toEqual({ ...first, offset: '0_0', handle: 'h-1', cursor: '7', live: 'true' })
})

test('a token of somebody else is not ours: the lag is the cap', async () => {
  const electric = fakeElectric()
  const measured = await measure(electric, {
    writeToken: async () => electric.change('01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'),
  })
  expect(measured).toEqual({ isConnected: true, lagMs: 100 })
  expect(electric.asked.at(-1)?.searchParams.get('offset'), 'it goes on behind the other').toBe('1_0')
})

test('a database that is away says nothing of the lag', async () => {
  const measured = await measure(fakeElectric(), { writeToken: () => Promise.reject(new Error('no database')) })
  expect(measured).toEqual({ isConnected: true, lagMs: undefined })
})

test('a database that does not answer holds nobody up for longer than the cap', async () => {
  const measured = await measure(fakeElectric(), { writeToken: () => new Promise(() => {}) })
  expect(measured).toEqual({ isConnected: true, lagMs: undefined })
})

test.each([
  ['is away', () => Promise.reject(new TypeError('fetch failed'))],
  ['refuses our secret', async () => new Response('{}', { status: 401 })],
  ['fails', async () => new Response('', { status: 500 })],
])('Electric that %s is not connected, and nothing is written', async (_, fetch) => {
  let written = 0
  const measured = await measure(fakeElectric(), {
    fetch,
    writeToken: async () => {
      written += 1
    },
  })
  expect(measured).toEqual({ isConnected: false, lagMs: undefined })
  expect(written).toBe(0)
})
