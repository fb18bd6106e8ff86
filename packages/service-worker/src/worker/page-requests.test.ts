import { expect, test } from 'vitest'
import { isPage } from './page-requests.ts'

const asks = (path: string, changes: Partial<Pick<Request, 'mode' | 'method'>> = {}) =>
  isPage({ mode: 'navigate', method: 'GET', ...changes }, new URL(path, 'http://acme.test'))

test.each(['/', '/enquiries', '/?utm_source=x', '/apiary'])('%s is a page', (path) => {
  expect(asks(path)).toBe(true)
})

test.each(['/api/auth/session', '/assets/local-db/x.js', '/_next/static/x.js'])('%s is not', (path) => {
  expect(asks(path)).toBe(false)
})

test('a posted form is never answered from the device, nor is a script that fetches a page', () => {
  expect(asks('/', { method: 'POST' })).toBe(false)
  expect(asks('/', { mode: 'cors' })).toBe(false)
})
