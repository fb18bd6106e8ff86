import { KillableBrowser } from '../harness/killable-browser.ts'
import { SitePage } from '../harness/site-page.ts'
import { expect, test } from '../harness/test.ts'

const BATCH = '/api/sync/batch'

test('three syncs that fail strand nothing: the next visit brings it out, once', async ({
  site,
  person,
  faults,
  database,
  page,
}) => {
  await site.open()
  await faults.plan(BATCH, { kind: 'status', status: 503 }, 1_000)
  await site.send(person)
  await expect(site.notice).toContainText('Saved on this device')

  const session = await page.context().newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(site.origin))
      if (own) resolve(own.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  const queue = await page.evaluate(async () => {
    const found = (await indexedDB.databases()).map(({ name }) => name ?? '')
    return found.find((name) => name.startsWith('landfall-outbox-'))?.slice('landfall-outbox-'.length)
  })
  for (const lastChance of [false, false, true]) {
    const before = (await faults.requests()).filter((request) => request === `POST ${BATCH}`).length
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: site.origin,
      registrationId,
      tag: `landfall:drain:${queue}`,
      lastChance,
    })
    await expect
      .poll(async () => (await faults.requests()).filter((request) => request === `POST ${BATCH}`).length)
      .toBeGreaterThan(before)
  }
  expect(await database.leadsOf(person.name)).toEqual([])

  await faults.clear()
  await page.reload()
  await expect.poll(() => database.leadsOf(person.name)).toHaveLength(1)
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a tab closed with its request on the way leaves the lead to the service worker, and the late request changes nothing', async ({
  site,
  person,
  faults,
  database,
  page,
  context,
}) => {
  await site.open()
  await faults.plan(BATCH, { kind: 'hold', at: 'before' })
  await site.send(person)
  await expect.poll(() => faults.held()).toBe(1)
  const second = await context.newPage()
  await page.close()
  await second.goto(`${site.origin}/enquiries`)
  await expect(second.locator('.enq-item').first()).toHaveAttribute('data-progress', 'received')
  await faults.release('go-on')
  await expect.poll(() => faults.held()).toBe(0)
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a browser killed with a lead on it delivers it after its next start', async ({ person, faults, database }) => {
  test.setTimeout(120_000)
  const browser = await KillableBrowser.create()
  try {
    await faults.plan(BATCH, { kind: 'unreachable' }, 1_000)
    const site = new SitePage(await browser.start())
    await site.open()
    await site.send(person)
    await expect(site.notice).toContainText('Saved on this device')
    await browser.kill()
    expect(await database.leadsOf(person.name)).toEqual([])

    await faults.clear()
    const page = await browser.start()
    await page.goto(`${new SitePage(page).origin}/enquiries`)
    await expect(page.locator('.enq-item').first()).toHaveAttribute('data-progress', 'received')
    expect(await database.leadsOf(person.name)).toHaveLength(1)
  } finally {
    await browser.remove()
  }
})

test.describe('without Background Sync', () => {
  test('the page sends by itself, and promises no more than that', async ({ site, person, faults, database, page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, 'SyncManager')
      Reflect.deleteProperty(ServiceWorkerRegistration.prototype, 'sync')
    })
    await site.open()
    await faults.plan(BATCH, { kind: 'status', status: 503 }, 1)
    await site.send(person)
    await expect(site.notice).toContainText('Saved on this device')
    await expect(site.notice).not.toContainText('also when you close this page')
    await expect(site.notice).toHaveAttribute('data-state', 'delivered')
    expect(await database.leadsOf(person.name)).toHaveLength(1)
  })
})
