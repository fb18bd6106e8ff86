import { CORRELATION_HEADER, ProblemError } from '@landfall/contract'
import { expect, test } from 'vitest'
import { currentRequestId } from './current-request.ts'
import { refuseAllMethodsBut, route } from './route.ts'

test('a method that a route does not have is a problem like any other, and says which one it has', async () => {
  const { GET } = refuseAllMethodsBut('POST')
  const answer = await GET(new Request('http://acme.localhost/api/sync/batch'), { params: Promise.resolve({}) })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('POST')
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({ code: 'method_not_allowed', status: 405 })
})

async function ask(correlationId: string | undefined, handler: Parameters<typeof route>[0]) {
  const headers: Record<string, string> = correlationId === undefined ? {} : { [CORRELATION_HEADER]: correlationId }
  const request = new Request('http://acme.localhost/api/sync/batch', { headers })
  return route(handler)(request, { params: Promise.resolve({}) })
}

test('a delivery that has a name keeps it, in the answer and in a problem', async () => {
  const name = '01933b1e-7a5c-7cc3-9f6d-1f2e3d4c5b6a'
  const answer = await ask(name, async (_, { requestId }) => Response.json({ requestId }))
  expect(answer.headers.get('x-request-id')).toBe(name)
  expect(await answer.json()).toEqual({ requestId: name })
  const refusal = await ask(name, () => Promise.reject(new ProblemError('too_large')))
  expect(refusal.headers.get('x-request-id')).toBe(name)
  expect(await refusal.json()).toMatchObject({ code: 'too_large', requestId: name })
})

test('code that knows nothing of its request finds the name of it, also when requests overlap', async () => {
  const names = ['delivery-1', 'delivery-2']
  const seen = await Promise.all(
    names.map(async (name) => {
      const answer = await ask(name, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return Response.json(currentRequestId())
      })
      return answer.json()
    }),
  )
  expect(seen).toEqual(names)
  expect(currentRequestId()).toBeUndefined()
})

test.each([undefined, '', 'short', 'x'.repeat(65), 'with space in it', 'ada@example.com', '{"level":50}'])(
  'a request named %j gets a fresh name',
  async (given) => {
    const answer = await ask(given, async () => new Response())
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  },
)

test('while the process ends, answers close their connection', async () => {
  const before = await ask(undefined, async () => new Response())
  expect(before.headers.has('connection')).toBe(false)
  process.emit('SIGTERM')
  const answer = await ask(undefined, async () => new Response())
  expect(answer.headers.get('connection')).toBe('close')
  const refusal = await ask(undefined, () => Promise.reject(new ProblemError('too_large')))
  expect(refusal.headers.get('connection')).toBe('close')
})
