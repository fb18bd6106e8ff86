import { type OwnSite, startOwnSite } from '../harness/own-site.ts'
import { expect, test } from '../harness/test.ts'

const DOMAIN_CHECK_TOKEN = 'a-token-of-the-journeys'

let site: OwnSite

test.beforeAll(async () => {
  site = await startOwnSite({ DOMAIN_CHECK_TOKEN })
})

test.afterAll(() => site?.stop())

// As the proxy asks: by the inner address, with nothing but the query.
const check = (domain: string, token = DOMAIN_CHECK_TOKEN) =>
  site.send('web', `/api/domains/check?token=${token}&domain=${encodeURIComponent(domain)}`)

test('the hosts of the house and of its tenants may have certificates, and no other', async () => {
  for (const domain of ['localhost', 'app.localhost', 'acme.localhost', 'ACME.localhost', 'www.acme-roofing.test']) {
    expect(await check(domain), domain).toMatchObject({ status: 200 })
  }
  for (const domain of [
    'nobody.localhost',
    'a.acme.localhost',
    'www.acme-roofing.test.',
    '127.0.0.1',
    'acme.localhost:80',
  ]) {
    expect(await check(domain), domain).toMatchObject({ status: 404 })
  }
  expect(await check('acme.localhost', 'wrong')).toMatchObject({ status: 404 })
})
