import AxeBuilder from '@axe-core/playwright'
import { test } from '../harness/member-test.ts'
import { expect } from '../harness/test.ts'

test('of two changes of the same status the later stands, and the other is told, had back, and undone', async ({
  site,
  dashboard,
  colleague,
  person,
  database,
}) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await expect(colleague.lead(person.name)).toBeVisible()
  await dashboard.page.context().setOffline(true)
  await dashboard.setStatus(person.name, 'won')
  await expect(dashboard.lead(person.name)).toHaveAttribute('data-state', 'pending')
  await colleague.setStatus(person.name, 'lost')
  const stored = async () => (await database.leadsOf(person.name))[0]?.status
  await expect.poll(stored).toBe('lost')

  await dashboard.page.context().setOffline(false)
  const row = dashboard.lead(person.name)
  await expect(row).toHaveAttribute('data-state', 'conflict')
  await expect(row).toContainText("Somebody else's Lost stands, because it is the later one. Yours was Won.")
  await expect(dashboard.statusOf(person.name)).toHaveValue('lost')
  await dashboard.page.reload()
  await expect(row).toHaveAttribute('data-state', 'conflict')
  const { violations } = await new AxeBuilder({ page: dashboard.page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])

  await row.getByRole('button', { name: 'Use mine' }).click()
  await expect(row).toContainText('Changed from Lost to Won')
  await expect(dashboard.statusOf(person.name)).toBeFocused()
  await expect.poll(stored).toBe('won')
  await expect(colleague.statusOf(person.name)).toHaveValue('won')
  await expect(row).not.toHaveAttribute('data-state', 'pending')
  await row.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(stored).toBe('lost')
  await expect(dashboard.statusOf(person.name)).toHaveValue('lost')
  await expect(row.locator('.dash-conflict')).toHaveCount(0)
})

test('whose change is the later one is told of the other, and puts the note away for good', async ({
  site,
  dashboard,
  colleague,
  person,
  database,
}) => {
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  await expect(colleague.lead(person.name)).toBeVisible()
  await dashboard.page.context().setOffline(true)
  await colleague.setStatus(person.name, 'contacted')
  await expect.poll(async () => (await database.leadsOf(person.name))[0]?.status).toBe('contacted')
  await dashboard.setStatus(person.name, 'won')
  await dashboard.page.context().setOffline(false)
  const row = dashboard.lead(person.name)
  await expect(row).toContainText('Your Won stands. Meanwhile somebody else had chosen Contacted.')
  await expect(colleague.statusOf(person.name)).toHaveValue('won')

  await row.getByRole('button', { name: 'Dismiss' }).click()
  await expect(row.locator('.dash-conflict')).toHaveCount(0)
  await dashboard.page.reload()
  await expect(row).toBeVisible()
  await expect(row.locator('.dash-conflict')).toHaveCount(0)
})

test('what looks like spam says why, and is a lead again when a member says so', async ({
  site,
  dashboard,
  person,
  database,
  page,
}) => {
  await dashboard.signIn()
  await site.open()
  await site.fill(person)
  // Off the screen, where only a robot fills it in.
  await page.locator('input[name="lf_website"]').fill('https://cheap.example', { force: true })
  await site.submit()
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await dashboard.page.getByRole('button', { name: /^Spam/ }).click()
  const row = dashboard.lead(person.name)
  await expect(row).toContainText('A field was filled in that people do not see.')
  await row.getByRole('button', { name: 'Not spam' }).click()
  await expect(row).toHaveCount(0)
  await dashboard.page.getByRole('button', { name: 'Leads', exact: true }).click()
  await expect(dashboard.statusOf(person.name)).toHaveValue('new')
  await expect.poll(() => database.leadsOf(person.name)).toMatchObject([{ status: 'new' }])
})
