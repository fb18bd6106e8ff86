import { expect, test } from 'vitest'
import { certificateHost } from './certificate-host.ts'

const ROOT = 'sites.example'

test.each(['sites.example', 'www.sites.example', 'app.sites.example', 'APP.Sites.Example'])('%s is ours', (domain) => {
  expect(certificateHost(domain, ROOT)).toEqual({ kind: 'house' })
})

test.each([
  ['acme.sites.example', 'acme.sites.example'],
  ['Shop.Acme.Example', 'shop.acme.example'],
  ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['sites.example.org', 'sites.example.org'],
  ['notsites.example', 'notsites.example'],
])('%s may be a tenant’s', (domain, host) => {
  expect(certificateHost(domain, ROOT)).toEqual({ kind: 'tenant', host })
})

test.each([
  '',
  '.',
  'localhost',
  'web',
  '192.0.2.7',
  '::1',
  '[2001:db8::1]',
  'acme.sites.example:443',
  'acme.sites.example.',
  'sites.example.',
  'münchen.de',
  '*.sites.example',
  'a.b.sites.example',
  '-.sites.example',
  'acme.sites.example/../x',
  'acme.sites.example\u0000',
  "a'; DROP TABLE domains; --.example",
  '__proto__',
  `${'a'.repeat(64)}.sites.example`,
  `${'a.'.repeat(5_000)}example`,
])('%j gets no certificate, and nobody is asked', (domain) => {
  expect(certificateHost(domain, ROOT)).toEqual({ kind: 'none' })
})
