import { expect, test } from '../harness/test.ts'

test.describe('in a browser that stores nothing', () => {
  test.beforeEach(async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
  })

  test('a lead goes out directly, and is told as no more than that', async ({ site, person, database, page }) => {
    await site.open('/?utm_source=poster')
    await site.send(person)
    await expect(site.notice).toHaveAttribute('data-state', 'posted')
    await expect(site.notice).toContainText('not among your enquiries')
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await database.leadsOf(person.name)).toMatchObject([{ attribution: { utm_source: 'poster' } }])
  })

  test('nothing typed is lost when there is no network either, and sending again is one lead', async ({
    site,
    person,
    database,
    page,
    context,
    faults,
  }) => {
    await site.open()
    await context.setOffline(true)
    await expect(page.locator('.lf-offline-hint')).toContainText('this browser keeps nothing')
    await site.fill(person)
    await site.submit()
    await expect(site.notice).toHaveAttribute('data-failure', 'unreachable')
    await expect(page.getByLabel('What can you see', { exact: false })).toHaveValue(person.message)

    await context.setOffline(false)
    // A browser tries some times more by itself where a connection breaks.
    await faults.plan('/api/forms/', { kind: 'answer-lost' }, 20)
    await site.submit()
    await expect.poll(async () => (await database.leadsOf(person.name)).length).toBe(1)
    await expect(site.notice).toHaveAttribute('data-failure', 'unreachable')
    await faults.clear('/api/forms/')
    await site.submit()
    await expect(site.notice).toHaveAttribute('data-state', 'posted')
    expect(await database.leadsOf(person.name)).toHaveLength(1)
  })

  test('a server that is unwell is told, with everything still in the form', async ({ site, person, page, faults }) => {
    await site.open()
    await faults.plan('/api/forms/', { kind: 'status', status: 503 })
    await site.send(person)
    await expect(site.notice).toHaveAttribute('data-failure', 'failed')
    await expect(page.getByLabel('Your name')).toHaveValue(person.name)
  })
})

test('where nothing is sent without a page, and storage may be cleared, the form asks to be kept open', async ({
  site,
  person,
  page,
  context,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(ServiceWorkerRegistration.prototype, 'sync')
    Object.defineProperty(navigator, 'storage', {
      value: { persist: async () => false, persisted: async () => false, estimate: async () => ({}) },
    })
  })
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await expect(site.notice).toContainText('Please keep this page open until it is sent')
})
