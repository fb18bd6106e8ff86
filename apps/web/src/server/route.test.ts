import { expect, test } from 'vitest'
import { refuseAllMethodsBut } from './route.ts'

test('a method that a route does not have is a problem like any other, and says which one it has', async () => {
  const { GET } = refuseAllMethodsBut('POST')
  const answer = await GET(new Request('http://acme.localhost/api/sync/batch'), { params: Promise.resolve({}) })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('POST')
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({ code: 'method_not_allowed', status: 405 })
})
