import { expect, test } from 'vitest'
import { publicHostName, tenantLabel } from './host-name.ts'

test.each([
  'shop.example.com',
  'example.com',
  'xn--mnchen-3ya.de',
  'a-b.c.example',
  `${'a'.repeat(63)}.example`,
  '1and1.de',
])('%s is a public host name', (name) => {
  expect(publicHostName.safeParse(name).success).toBe(true)
})

test.each([
  '',
  'localhost',
  'Example.com',
  'example.com.',
  '.example.com',
  'a..example.com',
  'example.com:443',
  '192.0.2.1',
  '[2001:db8::1]',
  'münchen.de',
  '*.example.com',
  '-a.example.com',
  'a-.example.com',
  'a_b.example.com',
  'a b.example.com',
  'example.com/path',
  'example.com\n',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(126)}example`,
])('%j is none', (name) => {
  expect(publicHostName.safeParse(name).success).toBe(false)
})

test.each(['acme', 'a', '7up', 'a-b'])('%s may be a tenant', (label) => {
  expect(tenantLabel.safeParse(label).success).toBe(true)
})

test.each(['app', 'www', 'Acme', 'a.b', '-a', '', 'a'.repeat(64)])('%j may not be a tenant', (label) => {
  expect(tenantLabel.safeParse(label).success).toBe(false)
})
