import { expect, test } from 'vitest'
import { decodeHost, findSite } from './find-site.ts'

test('the host in the path is decoded once', () => {
  expect(decodeHost('acme.localhost')).toBe('acme.localhost')
  expect(decodeHost('a%25zz.localhost')).toBe('a%zz.localhost')
})

test('a host that no encoding gives has no site, and nothing fails', async () => {
  expect(await findSite('a%zz.localhost')).toBeUndefined()
})
