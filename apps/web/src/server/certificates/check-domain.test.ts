import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { route } from '../route.ts'
import { TenantsOfHosts } from '../tenants-of-hosts.ts'
import { checkDomain, LOOK_UPS_A_SECOND } from './check-domain.ts'

const TOKEN = 'a-token-of-the-tests'
const SETTINGS = {
  DATABASE_URL: 'postgresql://landfall_app:x@127.0.0.1:1/landfall',
  APP_URL: 'https://app.sites.example',
  NEXT_PUBLIC_ROOT_DOMAIN: 'sites.example',
  ELECTRIC_URL: 'http://127.0.0.1:1',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
  LOG_LEVEL: 'silent',
}
const TENANTS: Record<string, string> = { 'acme.sites.example': 'acme', 'www.acme.example': 'acme' }

const holder = globalThis as { landfallTenantsOfHosts?: unknown; landfallDomainChecks?: unknown }
let asked: string[]
let isDatabaseAway: boolean

beforeAll(() => {
  for (const [name, value] of Object.entries({ ...SETTINGS, DOMAIN_CHECK_TOKEN: TOKEN })) vi.stubEnv(name, value)
})

beforeEach(() => {
  asked = []
  isDatabaseAway = false
  holder.landfallTenantsOfHosts = new TenantsOfHosts(async (host) => {
    asked.push(host)
    if (isDatabaseAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    return TENANTS[host]
  })
})

afterEach(() => {
  delete holder.landfallTenantsOfHosts
  delete holder.landfallDomainChecks
})

const get = route((request) => checkDomain(request))

function check(query: Record<string, string> | string) {
  const parameters = new URLSearchParams(typeof query === 'string' ? query : { token: TOKEN, ...query })
  return get(new Request(`http://web:3000/api/domains/check?${parameters}`), { params: Promise.resolve({}) })
}

test.each(['sites.example', 'app.sites.example', 'acme.sites.example', 'WWW.Acme.Example'])(
  '%s may have a certificate',
  async (domain) => {
    expect((await check({ domain })).status).toBe(200)
  },
)

test('our own names are known without a database', async () => {
  isDatabaseAway = true
  expect((await check({ domain: 'app.sites.example' })).status).toBe(200)
  expect((await check({ domain: 'acme.sites.example' })).status).toBe(503)
})

test.each([
  'nobody.sites.example',
  'elsewhere.example',
  '192.0.2.1',
  'acme.sites.example:443',
  'acme.sites.example.',
  '',
])('%j may have none', async (domain) => {
  const answer = await check({ domain })
  expect(answer.status).toBe(404)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
})

test.each([
  { token: '' },
  { token: 'wrong' },
  `domain=acme.sites.example`,
  `token=${TOKEN}&token=${TOKEN}&domain=acme.sites.example`,
  `token[]=${TOKEN}&domain=acme.sites.example`,
])('with %j nobody learns who our tenants are', async (query) => {
  const answers = [
    await check(typeof query === 'string' ? query : { ...query, domain: 'acme.sites.example' }),
    await check(typeof query === 'string' ? query.replace('acme', 'nobody') : { ...query, domain: 'nobody.example' }),
  ]
  const told = await Promise.all(
    answers.map(async (answer) => ({ status: answer.status, ...(await answer.json()), requestId: undefined })),
  )
  expect(told[0]).toEqual(told[1])
  expect(told[0]?.status).toBe(404)
  expect(asked).toEqual([])
})

test('two hosts in one question are none', async () => {
  const answer = await check(`token=${TOKEN}&domain=acme.sites.example&domain=evil.example`)
  expect(answer.status).toBe(404)
  expect(asked).toEqual([])
})

test('names that somebody makes up cost the database no more than so many look-ups a second', async () => {
  const answers = await Promise.all(
    Array.from({ length: LOOK_UPS_A_SECOND * 3 }, (_, n) => check({ domain: `made-up-${n}.example` })),
  )
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(LOOK_UPS_A_SECOND * 2)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(asked).toHaveLength(LOOK_UPS_A_SECOND)
})

test('without a token in the environment there is nothing there', async () => {
  vi.resetModules()
  vi.stubEnv('DOMAIN_CHECK_TOKEN', '')
  const { checkDomain: fresh } = await import('./check-domain.ts')
  const { route: freshRoute } = await import('../route.ts')
  const answer = await freshRoute((request) => fresh(request))(
    new Request('http://web:3000/api/domains/check?token=&domain=acme.sites.example'),
    { params: Promise.resolve({}) },
  )
  expect(answer.status).toBe(404)
})
