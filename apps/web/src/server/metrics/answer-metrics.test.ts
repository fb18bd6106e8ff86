import { beforeAll, expect, test, vi } from 'vitest'
import { route } from '../route.ts'
import { answerMetrics } from './answer-metrics.ts'

const TOKEN = 'a-token-of-the-tests'

// Nothing listens there: neither a database nor Electric.
const SETTINGS = {
  DATABASE_URL: 'postgresql://landfall_app:x@127.0.0.1:1/landfall',
  APP_URL: 'http://app.localhost:3000',
  NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
  ELECTRIC_URL: 'http://127.0.0.1:1',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
  LOG_LEVEL: 'silent',
}

beforeAll(() => {
  for (const [name, value] of Object.entries({ ...SETTINGS, METRICS_TOKEN: TOKEN })) vi.stubEnv(name, value)
})

const get = route((request) => answerMetrics(request))

function read(authorization?: string) {
  const request = new Request('http://10.0.0.7:3000/api/metrics', { headers: authorization ? { authorization } : {} })
  return get(request, { params: Promise.resolve({}) })
}

test.each([undefined, '', 'Bearer', 'Bearer ', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, TOKEN])(
  'nobody reads them with %j',
  async (authorization) => {
    const answer = await read(authorization)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.text()).not.toContain('landfall_operations')
  },
)

test('who brings the token reads them at any address, also when database and Electric are away', async () => {
  const answer = await read(`Bearer ${TOKEN}`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await answer.text()).split('\n')
  expect(lines).toContain('electric_connected 0')
  expect(lines.filter((line) => line.startsWith('electric_sync_lag_seconds'))).toEqual([])
  expect(lines).toContain('landfall_rate_limited_total{scope="device"} 0')
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true)
})

test('without a token in the environment there is nothing there', async () => {
  vi.resetModules()
  vi.stubEnv('METRICS_TOKEN', '')
  const [fresh, wrapped] = await Promise.all([import('./answer-metrics.ts'), import('../route.ts')])
  const request = new Request('http://10.0.0.7:3000/api/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })
  const answer = await wrapped.route((asked) => fresh.answerMetrics(asked))(request, { params: Promise.resolve({}) })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'not_found' })
})
