import { expect, test } from 'vitest'
import { corsHeaders, preflight } from './cors-headers.ts'

const from = (origin?: string) =>
  new Request('http://acme.test/api/shapes/receipts', {
    method: 'OPTIONS',
    headers: { host: 'acme.test', ...(origin && { origin }) },
  })

test.each([
  ['visitor', 'https://acme.test', 'https://acme.test'],
  ['visitor', 'https://lumen.test', undefined],
  ['visitor', 'null', undefined],
  ['visitor', undefined, undefined],
  ['member', 'https://acme.test', undefined],
  ['member', 'https://evil.test', undefined],
] as const)('a %s’s route names to %s the origin %s, and allows no credentials', (kind, origin, allowed) => {
  for (const headers of [corsHeaders(from(origin), kind), Object.fromEntries(preflight(from(origin), kind).headers)]) {
    expect(headers['access-control-allow-origin']).toBe(allowed)
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
    expect(headers['access-control-expose-headers']).toMatch(/electric-offset.*retry-after/)
  }
})

test('a preflight says which methods there are', () => {
  const answer = preflight(from('https://acme.test'), 'visitor')
  expect(answer.status).toBe(204)
  expect(answer.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS')
  expect(answer.headers.get('access-control-allow-headers')).toBe('authorization, if-none-match')
})
