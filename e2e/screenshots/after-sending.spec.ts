import { businessLeads } from './business-leads.ts'
import { expect, test, VISITOR } from './stage.ts'

test('changing, withdrawing, and coming too late', async ({ page, site, database, context, camera }) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await site.send(VISITOR)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'received')
  await site.enquiry(leadId).getByRole('button', { name: 'Change' }).click()
  await camera.whole(page, 'enquiries-change-delivered')
  await page.locator('.enq-amend textarea').fill('It has stopped for now.')
  await context.setOffline(true)
  await page.getByRole('button', { name: 'Save the change' }).click()
  await expect(site.enquiry(leadId)).toContainText('Your change is saved on this device')
  await camera.window(page, 'enquiries-change-waiting')
  await database.readLead(leadId)
  await context.setOffline(false)
  await expect(site.enquiry(leadId)).toContainText('Your change came too late')
  await camera.window(page, 'enquiries-change-too-late')
})

test('a lead that is taken back', async ({ page, site, database, context, camera }) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await site.send(VISITOR)
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'received')
  await context.setOffline(true)
  await site.enquiry(leadId).getByRole('button', { name: 'Withdraw' }).click()
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'withdrawing')
  await camera.window(page, 'enquiries-withdrawing')
  await context.setOffline(false)
  await expect(site.enquiry(leadId)).toHaveAttribute('data-progress', 'withdrawn')
  await camera.window(page, 'enquiries-withdrawn')
  await database.removeLead(leadId)
})

test('changing a lead that waits, in Arabic', async ({ page, site, context, camera }) => {
  const origin = site.origin.replace('acme', 'jusoor')
  await page.goto(origin)
  await page.locator('form.lf-form[data-ready]').waitFor()
  await site.untilOfflineReady()
  await context.setOffline(true)
  await page.getByLabel('الاسم الكامل').fill(VISITOR.name)
  await page.getByLabel('رقم الهاتف').fill('0790000001')
  await page.getByLabel('اللغة التي تريد تعلّمها').selectOption('english')
  await page.getByRole('checkbox').last().check()
  await page.locator('.lf-submit').click()
  await expect(site.notice).toBeVisible()
  await camera.part(page.locator('.contact-form'), 'form-saved-offline-arabic')
  await page.goto(`${origin}/enquiries`)
  await site.enquiry().getByRole('button', { name: 'تعديل' }).click()
  await expect(page.locator('.enq-amend form')).toBeVisible()
  await camera.whole(page, 'enquiries-change-arabic')
})

test('nothing kept and nothing sent', async ({ page, site, context, camera }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
  await site.open()
  await site.fill(VISITOR)
  await context.setOffline(true)
  await site.submit()
  await expect(site.notice).toBeVisible()
  await camera.part(page.locator('.contact-form'), 'form-not-sent')
})

test('spam with its reasons, a conflict, and a change that was not accepted', async ({
  browser,
  dashboard,
  database,
  camera,
}) => {
  const { page } = dashboard
  await database.addLeads('acme', businessLeads)
  await dashboard.signIn()
  await expect(dashboard.lead('Gwen Oakes')).toBeVisible()
  await page.getByRole('button', { name: /^Spam/ }).click()
  await expect(dashboard.lead('SEO Rankings Team')).toContainText('many links')
  await camera.window(page, 'dashboard-spam-reasons')
  await page.getByRole('button', { name: 'Leads', exact: true }).click()

  const colleague = new (dashboard.constructor as typeof import('../harness/dashboard-page.ts').DashboardPage)(
    await (await browser.newContext()).newPage(),
  )
  await colleague.signIn()
  await expect(colleague.lead('Priya Raman')).toBeVisible()
  await page.context().setOffline(true)
  await dashboard.setStatus('Priya Raman', 'won')
  await dashboard.setStatus('Margaret Holroyd', 'contacted')
  await colleague.setStatus('Priya Raman', 'lost')
  await expect.poll(async () => (await database.leadsOf('Priya Raman'))[0]?.status).toBe('lost')
  await database.removeLeadsOf(['Margaret Holroyd'])
  await page.context().setOffline(false)
  await expect(dashboard.lead('Priya Raman')).toHaveAttribute('data-state', 'conflict')
  await expect(page.getByRole('button', { name: 'Look at it' })).toBeVisible()
  await camera.window(page, 'dashboard-conflict')
  await camera.part(dashboard.lead('Priya Raman'), 'dashboard-conflict-row')
  await page.getByRole('button', { name: 'Look at it' }).click()
  await camera.window(page, 'dashboard-not-accepted')
  await colleague.page.context().close()
})
