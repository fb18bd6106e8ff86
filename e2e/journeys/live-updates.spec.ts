import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { addresses } from '../harness/addresses.ts'
import { DashboardPage } from '../harness/dashboard-page.ts'
import { type LiveGate, startLiveGate } from '../harness/live-gate.ts'
import { type OwnSite, startOwnSite } from '../harness/own-site.ts'
import { SitePage } from '../harness/site-page.ts'
import { expect, test } from '../harness/test.ts'

const METRICS_TOKEN = 'a-token-of-this-test'

test.skip(() => addresses().isExternal, 'nothing stands before the live updates of somebody else')

let gate: LiveGate
let own: OwnSite

test.beforeAll(async () => {
  gate = await startLiveGate(addresses().backendEnv.ELECTRIC_URL ?? '')
  own = await startOwnSite({ ELECTRIC_URL: gate.url, METRICS_TOKEN })
})

test.afterEach(() => gate.set('open'))

test.afterAll(async () => {
  await own?.stop()
  await gate?.stop()
})

const at = (slug: string) => `http://${slug}.localhost:${own.port}`
const status = (page: Page) => page.locator('.sync')

async function metric(name: string): Promise<number | undefined> {
  const answer = await own.send('app', '/api/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
  const line = answer.body.split('\n').find((text) => text.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.split(' ')[1])
}

async function violationsOn(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))
}

test('live updates that go away say so, a screen reader hears it, and they come back by themselves', async ({
  page,
  person,
  database,
}) => {
  test.setTimeout(150_000)
  const site = new SitePage(page, 'acme', at('acme'))
  await site.open()
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await expect(status(page)).toHaveAttribute('data-state', 'online')
  expect(await metric('electric_connected')).toBe(1)

  gate.set('down')
  await expect(status(page)).toHaveAttribute('data-state', 'reconnecting')
  await expect(status(page).locator('.sync-text')).toHaveText('Reconnecting…')
  await expect(status(page).getByRole('status')).toHaveText('Reconnecting…')
  await expect(status(page)).toContainText('Last synced')
  await expect(site.enquiry(), 'what is on the device stays').toHaveAttribute('data-progress', 'received')
  expect(await violationsOn(page)).toEqual([])
  await expect.poll(() => metric('electric_connected'), { timeout: 30_000 }).toBe(0)
  expect(await metric('electric_sync_lag_seconds')).toBeUndefined()

  const [lead] = await database.leadsOf(person.name)
  await database.setReceipt(lead?.id ?? '', 'contacted')
  gate.set('open')
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'contacted', { timeout: 70_000 })
  await expect(status(page)).toHaveAttribute('data-state', 'online')
  await expect(status(page).getByRole('status')).toHaveText('Online')
  await expect.poll(() => metric('electric_connected'), { timeout: 30_000 }).toBe(1)
})

test('a short break is nobody’s news', async ({ page, person }) => {
  const site = new SitePage(page, 'acme', at('acme'))
  await site.open()
  await site.send(person)
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await page.evaluate(() => {
    const seen: (string | null)[] = []
    const sync = document.querySelector('.sync')
    if (sync) new MutationObserver(() => seen.push(sync.getAttribute('data-state'))).observe(sync, { attributes: true })
    Object.assign(window, { seenStates: seen })
  })
  // Everybody's connection breaks, and the next try succeeds, a second later at most.
  gate.set('down')
  gate.set('open')
  await page.evaluate(() => dispatchEvent(new Event('pageshow')))
  await expect
    .poll(async () =>
      Number(
        await page
          .locator('.sync-last')
          .getAttribute('datetime')
          .then((at) => Date.parse(at ?? '')),
      ),
    )
    .toBeGreaterThan(Date.now() - 5_000)
  expect(await page.evaluate(() => (window as unknown as { seenStates: string[] }).seenStates)).not.toContain(
    'reconnecting',
  )
})

test('no network is "offline", not a failure, and ends at once when it is back', async ({ page, person, context }) => {
  const site = new SitePage(page, 'acme', at('acme'))
  await site.open()
  await site.send(person)
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await context.setOffline(true)
  await expect(status(page)).toHaveAttribute('data-state', 'offline')
  await expect(status(page).locator('.sync-text')).toHaveText('Offline')
  await context.setOffline(false)
  await expect(status(page)).toHaveAttribute('data-state', 'online')
})

test('a session that ended is told, and after signing in the board goes on where it was', async ({
  browser,
  person,
  database,
  page,
}) => {
  test.setTimeout(120_000)
  const context = await browser.newContext()
  const dashboard = new DashboardPage(await context.newPage(), at('app'))
  const leaves = await database.addColleague('acme', 'sam@acme.test')
  try {
    await dashboard.signIn('acme', 'sam@acme.test')
    await expect(status(dashboard.page)).toHaveAttribute('data-state', 'online')
    await database.endSessions('sam@acme.test')
    // Somebody's news ends the wait, and the waiting member is looked at before they get it.
    const site = new SitePage(page, 'acme', at('acme'))
    await site.open()
    await site.send(person)
    await expect(dashboard.page.getByText('You are no longer signed in')).toBeVisible({ timeout: 30_000 })
    await expect(dashboard.lead(person.name), 'the news are not for who is not signed in').toHaveCount(0)
    await expect(status(dashboard.page)).toContainText('No live updates')
    expect(await violationsOn(dashboard.page)).toEqual([])

    await dashboard.page.getByRole('link', { name: 'Sign in' }).click()
    await dashboard.page.getByLabel('Email').fill('sam@acme.test')
    await dashboard.page.getByLabel('Password').fill('landfall-demo')
    await dashboard.page.getByRole('button', { name: 'Sign in' }).click()
    await expect(dashboard.lead(person.name)).toBeVisible()
    await expect(status(dashboard.page)).toHaveAttribute('data-state', 'online')
  } finally {
    await context.close()
    await leaves()
  }
})

test('live updates that fall silent are given up and told, and come back', async ({ page, person, database }) => {
  test.setTimeout(180_000)
  const site = new SitePage(page, 'acme', at('acme'))
  await site.open()
  await site.send(person)
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  gate.set('silent')
  // The wait on its way still ends by itself; the one after it never does.
  await expect(status(page)).toHaveAttribute('data-state', 'reconnecting', { timeout: 90_000 })
  const [lead] = await database.leadsOf(person.name)
  await database.setReceipt(lead?.id ?? '', 'contacted')
  gate.set('open')
  await page.evaluate(() => dispatchEvent(new Event('pageshow')))
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'contacted', { timeout: 70_000 })
  await expect(status(page)).toHaveAttribute('data-state', 'online')
})
