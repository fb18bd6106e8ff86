import { businessLeads } from './business-leads.ts'
import { expect, test } from './stage.ts'

test('signing in', async ({ dashboard, camera }) => {
  const { page } = dashboard
  await page.goto(`${dashboard.origin}/sign-in`)
  await camera.window(page, 'dashboard-sign-in')
  await page.getByLabel('Email').fill('owner@acme.test')
  await page.getByLabel('Password').fill('not this one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.locator('.ui-notice')).toBeVisible()
  await camera.window(page, 'dashboard-sign-in-refused')
})

test('a dashboard without leads', async ({ dashboard, camera }) => {
  await dashboard.signIn()
  await expect(dashboard.page.getByText('No leads yet')).toBeVisible()
  await camera.window(dashboard.page, 'dashboard-empty')
})

test('a dashboard while its leads are on their way', async ({ dashboard, camera }) => {
  const { page } = dashboard
  await page.route('**/assets/local-db/**', () => {})
  await dashboard.signIn()
  await expect(page.locator('.dash-loading')).toBeVisible()
  await camera.window(page, 'dashboard-loading')
})

test('a week of leads, spam, and a change made offline', async ({ dashboard, database, camera }) => {
  const { page } = dashboard
  await database.addLeads('acme', businessLeads)
  await dashboard.signIn()
  await expect(dashboard.lead('Gwen Oakes')).toBeVisible()
  await camera.window(page, 'dashboard-leads')
  await camera.whole(page, 'dashboard-leads-whole')

  await page.getByRole('button', { name: 'Read all of what Siobhán Kelly wrote' }).click()
  await camera.part(dashboard.lead('Siobhán Kelly'), 'dashboard-lead-in-whole')

  await page.getByRole('button', { name: 'Spam' }).click()
  await expect(dashboard.lead('SEO Rankings Team')).toBeVisible()
  await camera.window(page, 'dashboard-spam')
  await page.getByRole('button', { name: 'Leads', exact: true }).click()

  await page.context().setOffline(true)
  await dashboard.setStatus('Priya Raman', 'contacted')
  await expect(dashboard.lead('Priya Raman')).toHaveAttribute('data-state', 'pending')
  await expect(page.locator('.sync')).toContainText('Offline · 1 waiting')
  await camera.window(page, 'dashboard-change-made-offline')
  await page.context().setOffline(false)
  await expect(dashboard.lead('Priya Raman')).not.toHaveAttribute('data-state', 'pending')
})

test('a board whose live updates are away, and one whose member must sign in again', async ({
  dashboard,
  database,
  camera,
  faults,
}) => {
  const { page } = dashboard
  await database.addLeads('acme', businessLeads)
  await dashboard.signIn()
  await expect(dashboard.lead('Gwen Oakes')).toBeVisible()
  await faults.plan('/api/workspaces/', { kind: 'status', status: 503 }, 1_000)
  await page.reload()
  await expect(page.locator('.sync')).toHaveAttribute('data-state', 'reconnecting')
  await camera.window(page, 'dashboard-reconnecting')
  await faults.clear()
  await database.endSessions('owner@acme.test')
  await page.evaluate(() => dispatchEvent(new Event('pageshow')))
  await expect(page.getByText('You are no longer signed in')).toBeVisible()
  await camera.window(page, 'dashboard-signed-out-meanwhile')
})
