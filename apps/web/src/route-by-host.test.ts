import { expect, test } from 'vitest'
import { routeByHost } from './route-by-host.ts'

const pathOf = (host: string | null, pathname: string) => routeByHost(host, pathname, 'landfall.test:3000').pathname

test.each([
  ['acme.landfall.test:3000', '/', '/sites/acme.landfall.test'],
  ['ACME.landfall.test.', '/enquiries', '/sites/acme.landfall.test/enquiries'],
  ['www.acme-roofing.test', '/', '/sites/www.acme-roofing.test'],
  ['app.landfall.test', '/', '/dashboard'],
  ['app.landfall.test', '/w/acme', '/dashboard/w/acme'],
  ['landfall.test', '/', '/root'],
  ['www.landfall.test', '/', '/root'],
  [null, '/', '/sites/unknown'],
  ['', '/', '/sites/unknown'],
])('%s%s is answered by %s', (host, path, expected) => {
  expect(pathOf(host, path)).toBe(expected)
})

test.each([
  ['acme.landfall.test', '/sites/lumen.landfall.test', '/sites/acme.landfall.test/sites/lumen.landfall.test'],
  ['acme.landfall.test', '/dashboard', '/sites/acme.landfall.test/dashboard'],
  ['app.landfall.test', '/sites/acme.landfall.test', '/dashboard/sites/acme.landfall.test'],
  ['evil/../dashboard', '/', '/sites/evil%2F..%2Fdashboard'],
])('%s cannot reach the pages of another host by the path %s', (host, path, expected) => {
  expect(pathOf(host, path)).toBe(expected)
})
