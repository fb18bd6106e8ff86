import { ProblemError } from '@landfall/contract'
import { beforeAll, expect, test, vi } from 'vitest'
import { shapeRoute } from './shape-route.ts'

// Nothing listens there.
const SETTINGS = {
  DATABASE_URL: 'postgresql://landfall_app:x@127.0.0.1:1/landfall',
  APP_URL: 'http://app.localhost:3000',
  NEXT_PUBLIC_ROOT_DOMAIN: 'localhost',
  ELECTRIC_URL: 'http://127.0.0.1:1',
  BETTER_AUTH_SECRET: 'x'.repeat(32),
  LOG_LEVEL: 'silent',
}

beforeAll(() => {
  for (const [name, value] of Object.entries(SETTINGS)) vi.stubEnv(name, value)
})

type Routes = ReturnType<typeof shapeRoute<{ name: string }>>

const ORIGIN = 'http://acme.localhost:3000'

function ask(routes: Routes, method: keyof Routes, name = 'receipts', query = 'offset=-1') {
  const request = new Request(`${ORIGIN}/api/shapes/${name}?${query}`, {
    method,
    headers: { host: 'acme.localhost:3000', origin: ORIGIN },
  })
  return routes[method](request, { params: Promise.resolve({ name }) })
}

const visitors = (authorise = async () => ({ kind: 'visitor', tenantId: 't', clientId: 'c' }) as const) =>
  shapeRoute('visitor', authorise)

test.each<[string, Parameters<typeof ask>[2], string, ProblemError | undefined, number]>([
  ['not signed in', 'receipts', 'offset=-1', new ProblemError('not_signed_in'), 401],
  ['not allowed', 'receipts', 'offset=-1', new ProblemError('not_allowed'), 403],
  ['no such shape', 'leads', 'offset=-1', undefined, 404],
  ['twice', 'receipts', 'offset=-1&offset=0_0', undefined, 400],
  ['too long', 'receipts', `offset=-1&x=${'x'.repeat(3_000)}`, undefined, 414],
  ['Electric is away', 'receipts', 'offset=-1', undefined, 503],
])(
  '%s is a problem with its id, which a client in a browser can read in whole',
  async (_, name, query, error, status) => {
    const routes = visitors(error ? () => Promise.reject(error) : undefined)
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await ask(routes, method, name, query)
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after')
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(answer.headers.has('access-control-allow-credentials')).toBe(false)
      expect(answer.headers.has('retry-after')).toBe(status === 503)
      expect(await answer.json()).toMatchObject({ status, requestId: answer.headers.get('x-request-id') })
    }
  },
)

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is no method of a shape', async (method) => {
  const answer = await ask(visitors(), method)
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  expect(answer.headers.get('access-control-expose-headers')).toContain('electric-handle')
  expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' })
})

test('a preflight is answered without a look at who asks', async () => {
  const answer = await ask(
    visitors(() => Promise.reject(new Error('nobody is asked'))),
    'OPTIONS',
  )
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
})
