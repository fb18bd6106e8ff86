import type { Page } from '@playwright/test'
import { expect, test } from '../harness/test.ts'

test("the admin's change of status reaches the visitor without a reload", async ({ site, dashboard, person, page }) => {
  await dashboard.signIn()
  await site.open()
  await site.send(person)
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.getByRole('link', { name: 'Your enquiries' }).first().click()
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')

  await dashboard.setStatus(person.name, 'contacted')
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'contacted')
  await expect(site.enquiry()).toContainText('Acme Roofing has contacted you')

  await dashboard.setStatus(person.name, 'lost')
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'closed')
  await expect(site.enquiry()).not.toContainText(/lost/i)
})

test('a lead captured offline shows both clocks', async ({ site, dashboard, person, context }) => {
  await dashboard.signIn()
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await context.setOffline(false)
  const row = dashboard.lead(person.name)
  await expect(row).toContainText('Captured offline')
  await expect(row).toContainText('Written')
  await expect(row).toContainText('Received')
})

test('the dashboard works offline: it opens, and a change made there arrives later', async ({
  site,
  dashboard,
  person,
  database,
}) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await dashboard.page.evaluate(() => navigator.serviceWorker.ready)
  // The page that signed in is not in the service worker's cache yet: the next look at it is.
  await dashboard.page.reload()
  await expect(dashboard.lead(person.name)).toBeVisible()

  await dashboard.page.context().setOffline(true)
  await dashboard.page.reload()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await dashboard.setStatus(person.name, 'won')
  await expect(dashboard.lead(person.name)).toHaveAttribute('data-state', 'pending')
  await expect(dashboard.page.locator('.sync')).toContainText('Offline · 1 waiting')
  expect(await database.leadsOf(person.name)).toMatchObject([{ status: 'new' }])

  await dashboard.page.context().setOffline(false)
  await expect(dashboard.lead(person.name)).not.toHaveAttribute('data-state', 'pending')
  await expect(dashboard.lead(person.name).getByRole('combobox')).toHaveValue('won')
  expect(await database.leadsOf(person.name)).toMatchObject([{ status: 'won' }])
})

test('signing out leaves nothing of the workspace on the device, and no other tab shows it', async ({
  site,
  dashboard,
  person,
}) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await dashboard.page.evaluate(() => navigator.serviceWorker.ready)
  const otherTab = await dashboard.page.context().newPage()
  await otherTab.goto(dashboard.origin)
  await expect(otherTab.locator('.dash-table tr', { hasText: person.name })).toBeVisible()

  await dashboard.page.getByRole('button', { name: 'Sign out' }).click()
  await expect(dashboard.page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(otherTab.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(await databasesOn(dashboard.page)).toEqual([])
  expect(await pagesOn(dashboard.page)).not.toContain('/')
})

test('a membership that ended takes the workspace from the device', async ({ site, dashboard, person, database }) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  const restore = await database.endMembership('owner@acme.test')
  try {
    await dashboard.page.reload()
    await expect(dashboard.page.getByText('No workspace yet')).toBeVisible()
    await expect.poll(() => databasesOn(dashboard.page)).toEqual([])
  } finally {
    await restore()
  }
})

/** Databases of a workspace that are still on the device. */
function databasesOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map((database) => database.name ?? '')
    return names.filter((name) => /landfall-(outbox-)?[0-9a-f]{8}-/.test(name))
  })
}

function pagesOn(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const kept = await (await caches.open('landfall-pages')).keys()
    return kept.map((request) => new URL(request.url).pathname)
  })
}
