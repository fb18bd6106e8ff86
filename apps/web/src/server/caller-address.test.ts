import { expect, test } from 'vitest'
import { addressOfRequest, CALLER_ADDRESS_HEADER, withCallerAddress } from './caller-address.ts'

const from = (forwarded?: string, headers: Record<string, string> = {}) =>
  new Request('http://acme.localhost/', {
    headers: { ...headers, ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) },
  })

test.each([
  [0, '1.1.1.1', 'unknown'],
  [0, undefined, 'unknown'],
  [1, '1.1.1.1', '1.1.1.1'],
  [1, '6.6.6.6, 1.1.1.1', '1.1.1.1'],
  [2, '6.6.6.6, 1.1.1.1, 10.0.0.1', '1.1.1.1'],
  [2, '6.6.6.6', 'unknown'],
  [1, undefined, 'unknown'],
  [1, ' ', 'unknown'],
])('behind %i trusted proxies, "%s" is the caller %s', (hops, forwarded, address) => {
  expect(addressOfRequest(from(forwarded), hops)).toBe(address)
})

test('the header that carries the address is ours, whatever the caller wrote there', () => {
  const lie = { [CALLER_ADDRESS_HEADER]: '6.6.6.6' }
  expect(withCallerAddress(from('7.7.7.7, 1.1.1.1', lie), 1).headers.get(CALLER_ADDRESS_HEADER)).toBe('1.1.1.1')
  expect(withCallerAddress(from('7.7.7.7', lie), 0).headers.has(CALLER_ADDRESS_HEADER)).toBe(false)
})

test('the request goes on whole', async () => {
  const post = new Request('http://app.localhost/api/auth/sign-in/email', {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  })
  const passed = withCallerAddress(post, 0)
  expect(passed).toMatchObject({ method: 'POST', url: post.url })
  expect(passed.headers.get('content-type')).toBe('application/json')
  expect(await passed.json()).toEqual({ a: 1 })
})
