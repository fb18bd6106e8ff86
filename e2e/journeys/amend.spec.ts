import type { Page } from '@playwright/test'
import type { Database } from '../harness/database.ts'
import { expect, test } from '../harness/test.ts'

/** Sees what is written in the form's text for the message, wherever the form stands. */
const message = (page: Page) => page.locator('.enq-amend textarea')

const sayYes = (page: Page) => page.on('dialog', (dialog) => void dialog.accept())

async function statusOf(database: Database, leadId: string) {
  return (await database.lead(leadId))?.status
}

test('a lead that waits is changed offline, and arrives as one lead with the change', async ({
  site,
  person,
  database,
  page,
  context,
}) => {
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await page.goto(`${site.origin}/enquiries`)
  await site.enquiry().getByRole('button', { name: 'Change' }).click()
  await expect(message(page)).toHaveValue(person.message)
  await message(page).fill('Two brown patches by now.')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(site.enquiry()).toContainText('Your change is saved on this device')

  // What is changed once more is the lead with the first change.
  await site.enquiry().getByRole('button', { name: 'Change' }).click()
  await expect(message(page)).toHaveValue('Two brown patches by now.')
  await page.getByRole('button', { name: 'Cancel' }).click()

  await context.setOffline(false)
  await expect(site.enquiry()).toContainText('You changed it')
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await database.leadsOf(person.name)).toMatchObject([
    { values: { name: person.name, message: 'Two brown patches by now.', privacy: true } },
  ])
})

test('of a delivered lead only what is filled in is changed, and a mistake is said at its field', async ({
  site,
  person,
  database,
  page,
}) => {
  await site.open()
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await page.goto(`${site.origin}/enquiries`)
  await site.enquiry().getByRole('button', { name: 'Change' }).click()
  await expect(page.locator('.enq-amend')).toContainText('Only what you fill in is changed')
  await expect(message(page)).toHaveValue('')
  const email = page.locator('.enq-amend').getByLabel('Email')
  await email.fill('nobody')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(email).toHaveAccessibleDescription(/name@example\.com/)
  await email.fill('countess@example.com')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(site.enquiry()).toContainText('You changed it')
  await expect(site.enquiry().getByRole('heading')).toBeFocused()
  expect(await database.leadsOf(person.name)).toMatchObject([
    { values: { email: 'countess@example.com', message: person.message } },
  ])
})

test('a lead is withdrawn offline, and nothing of it is left when that has arrived', async ({
  site,
  dashboard,
  person,
  database,
  page,
  context,
}) => {
  sayYes(page)
  await dashboard.signIn()
  await site.open()
  await site.send(person)
  await expect(dashboard.lead(person.name)).toBeVisible()
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'received')
  await context.setOffline(true)
  await site.enquiry(leadId).getByRole('button', { name: 'Withdraw' }).click()
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'withdrawing')
  await expect(site.enquiry(leadId)).toContainText('Waiting to be withdrawn')
  await expect(site.enquiry(leadId).getByRole('button')).toHaveCount(0)

  await context.setOffline(false)
  try {
    await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'withdrawn')
    await expect(dashboard.lead(person.name)).toHaveCount(0)
    expect(await database.lead(leadId)).toMatchObject({ status: 'withdrawn', values: {} })
    await dashboard.page.getByRole('button', { name: /^Withdrawn/ }).click()
    await expect(dashboard.page.locator(`[data-lead="${leadId}"]`)).toContainText('taken back by its sender')
  } finally {
    await database.removeLead(leadId)
  }
})

test('a lead that never left the device is withdrawn without being read by anybody', async ({
  site,
  person,
  database,
  page,
  context,
}) => {
  sayYes(page)
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.goto(`${site.origin}/enquiries`)
  await site.enquiry(leadId).getByRole('button', { name: 'Withdraw' }).click()
  await context.setOffline(false)
  try {
    await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'withdrawn')
    await expect.poll(() => statusOf(database, leadId)).toBe('withdrawn')
  } finally {
    await database.removeLead(leadId)
  }
})

test('a change that comes after the lead was read is told as such, and is no alarm', async ({
  site,
  dashboard,
  person,
  database,
  page,
  context,
}) => {
  sayYes(page)
  await dashboard.signIn()
  await site.open()
  await site.send(person)
  await expect(dashboard.lead(person.name)).toBeVisible()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await context.setOffline(true)
  await site.enquiry().getByRole('button', { name: 'Change' }).click()
  await message(page).fill('Too late.')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(site.enquiry()).toContainText('Your change is saved on this device')
  await dashboard.setStatus(person.name, 'reviewing')
  await expect.poll(async () => (await database.leadsOf(person.name))[0]?.status).toBe('reviewing')

  await context.setOffline(false)
  await expect(site.enquiry()).toContainText('Your change came too late')
  await expect(site.enquiry()).toContainText('Acme Roofing had already begun to read your enquiry')
  await expect(site.enquiry().getByRole('button', { name: 'Withdraw' })).toHaveCount(0)
  await expect(page.locator('.sync')).toHaveAttribute('data-state', 'online')
  expect(await database.leadsOf(person.name)).toMatchObject([{ values: { message: person.message } }])
  await page.getByRole('button', { name: 'All right' }).click()
  await expect(page.getByText('Your change came too late')).toHaveCount(0)
})
