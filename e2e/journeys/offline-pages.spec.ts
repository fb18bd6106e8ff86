import { addresses } from '../harness/addresses.ts'
import { expect, test } from '../harness/test.ts'

test('a page seen once opens offline, form included, and takes a lead', async ({ site, person, database, context }) => {
  await site.open()
  await site.page.close()
  await context.setOffline(true)
  const page = await context.newPage()
  await page.goto(`${site.origin}/?utm_source=qr`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('A dry roof')
  await page.locator('form.lf-form[data-ready]').waitFor()
  const again = new (site.constructor as typeof import('../harness/site-page.ts').SitePage)(page)
  await again.send(person)
  await expect(again.notice).toContainText('Saved on this device')
  await context.setOffline(false)
  await expect(again.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toMatchObject([
    { captured_offline: true, attribution: { utm_source: 'qr' } },
  ])
})

test('a page never seen says so offline, and leads back', async ({ site, context, page }) => {
  await site.open()
  await context.setOffline(true)
  await page.goto(`${site.origin}/never-seen`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/offline/i)
})

test('an unknown host is a proper 404, without JavaScript too', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  for (const path of ['/', '/enquiries']) {
    const answer = await page.goto(`http://nobody.localhost:${addresses().port}${path}`)
    expect(answer?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('no site at this address')
  }
  await context.close()
})

test('an unknown page of a site is a 404 in its own look', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const answer = await page.goto(`http://acme.localhost:${addresses().port}/no-such-page`)
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole('banner')).toContainText('Acme Roofing')
  await context.close()
})
