import { expect, test } from 'vitest'
import { siteOrigin } from './site-origin.ts'

const originAt = (host?: string) => siteOrigin(new Headers(host === undefined ? {} : { host })).origin

test.each([
  ['www.acme-roofing.test', 'https://www.acme-roofing.test'],
  ['acme.localhost:3000', 'http://acme.localhost:3000'],
  [undefined, 'http://localhost'],
])('a page at %s says it is at %s', (host, origin) => {
  expect(originAt(host)).toBe(origin)
})

test.each(['acme.localhost:99999', 'a%zz.localhost', '[', 'a b', ''])('the Host "%s" fails nothing', (host) => {
  expect(originAt(host)).toBe('http://localhost')
})
