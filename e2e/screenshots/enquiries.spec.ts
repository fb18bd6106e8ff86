import type { SitePage } from '../harness/site-page.ts'
import { expect, test, VISITOR } from './stage.ts'

test('no enquiries yet', async ({ page, site, camera }) => {
  await page.goto(`${site.origin}/enquiries`)
  await expect(page.getByText('Nothing sent from this device yet')).toBeVisible()
  await camera.window(page, 'enquiries-empty')
})

test('no enquiries yet, in Arabic', async ({ page, site, camera }) => {
  await page.goto(`${site.origin.replace('acme', 'jusoor')}/enquiries`)
  await expect(page.locator('.ui-empty')).toBeVisible()
  await camera.window(page, 'enquiries-empty-arabic')
})

test('an enquiry on its way from received to closed', async ({ page, site, database, camera }) => {
  await site.open()
  await site.send(VISITOR)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await page.goto(`${site.origin}/enquiries`)
  const enquiry = site.enquiry()
  const leadId = String(await enquiry.getAttribute('data-lead'))
  for (const progress of ['received', 'reviewing', 'contacted', 'closed']) {
    if (progress !== 'received') await database.setReceipt(leadId, progress)
    await expect(enquiry).toHaveAttribute('data-progress', progress)
    await camera.window(page, `enquiries-${progress}`)
  }
})

test('an enquiry of each kind, the newest saved offline', async ({ page, site, database, context, camera }) => {
  await site.open()
  const sendAnother = async () => {
    await site.send(VISITOR)
    await expect(site.notice).toHaveAttribute('data-state', 'delivered')
    const leadId = String(await site.notice.getAttribute('data-lead'))
    await page.getByRole('button', { name: 'Send another' }).click()
    return leadId
  }
  const closed = await sendAnother()
  const contacted = await sendAnother()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry(contacted)).toHaveAttribute('data-progress', 'received')
  await database.setReceipt(closed, 'closed')
  await database.setReceipt(contacted, 'contacted')
  await expect(site.enquiry(closed)).toHaveAttribute('data-progress', 'closed')
  await expect(site.enquiry(contacted)).toHaveAttribute('data-progress', 'contacted')
  await site.open()
  await context.setOffline(true)
  await site.send(VISITOR)
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'saved')
  // What the server said before is on the device, too.
  await expect(site.enquiry(closed)).toHaveAttribute('data-progress', 'closed')
  await expect(site.enquiry(contacted)).toHaveAttribute('data-progress', 'contacted')
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  await camera.window(page, 'enquiries-saved-offline')
})

test('an enquiry that is received, in Arabic', async ({ page, site, database, camera }) => {
  const { origin } = site
  await sendInArabic(site)
  await camera.part(page.locator('.contact-form'), 'form-sent-arabic')
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.goto(`${origin.replace('acme', 'jusoor')}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await database.setReceipt(leadId, 'contacted')
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'contacted')
  await camera.window(page, 'enquiries-contacted-arabic')
})

test('live updates that are away', async ({ page, site, camera, faults }) => {
  await faults.plan('/api/shapes/', { kind: 'status', status: 503 }, 1_000)
  await site.open()
  await site.send(VISITOR)
  await page.goto(`${site.origin}/enquiries`)
  await expect(page.locator('.sync')).toHaveAttribute('data-state', 'reconnecting')
  await camera.window(page, 'enquiries-reconnecting')
})

test('live updates that are away, in Arabic', async ({ page, site, camera, faults }) => {
  await faults.plan('/api/shapes/', { kind: 'status', status: 503 }, 1_000)
  await sendInArabic(site)
  await page.goto(`${site.origin.replace('acme', 'jusoor')}/enquiries`)
  await expect(page.locator('.sync')).toHaveAttribute('data-state', 'reconnecting')
  await camera.window(page, 'enquiries-reconnecting-arabic')
})

async function sendInArabic({ page, origin, notice }: SitePage): Promise<void> {
  await page.goto(origin.replace('acme', 'jusoor'))
  await page.locator('form.lf-form[data-ready]').waitFor()
  await page.getByLabel('الاسم الكامل').fill(VISITOR.name)
  await page.getByLabel('رقم الهاتف').fill('0790000001')
  await page.getByLabel('اللغة التي تريد تعلّمها').selectOption('english')
  await page.getByRole('checkbox').last().check()
  await page.locator('.lf-submit').click()
  await expect(notice).toHaveAttribute('data-state', 'delivered')
}
