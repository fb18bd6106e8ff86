import { expect, test, VISITOR } from './stage.ts'

test('the form with errors', async ({ page, site, camera }) => {
  await site.open()
  await page.getByLabel('Your name').fill(VISITOR.name)
  await page.getByLabel('Email', { exact: false }).first().fill('margaret.holroyd')
  await site.submit()
  await expect(page.locator('.lf-summary')).toBeVisible()
  await camera.part(page.locator('.contact-form'), 'form-errors')
})

test('the form with errors, in Arabic', async ({ page, site, camera }) => {
  await page.goto(site.origin.replace('acme', 'jusoor'))
  await page.locator('form.lf-form[data-ready]').waitFor()
  await page.locator('.lf-submit').click()
  await expect(page.locator('.lf-summary')).toBeVisible()
  await camera.part(page.locator('.contact-form'), 'form-errors-arabic')
})

test('a draft that came back', async ({ page, site, context, camera }) => {
  await site.open()
  await page.getByLabel('Your name').fill(VISITOR.name)
  await page.getByLabel('What can you see', { exact: false }).fill(VISITOR.message)
  await page.close()
  const again = await context.newPage()
  await again.goto(site.origin)
  await expect(again.getByText('We kept what you had typed here.')).toBeVisible()
  await camera.part(again.locator('.contact-form'), 'form-draft-restored')
})

test('a lead that is written and saved without a network', async ({ page, site, context, camera }) => {
  await site.open()
  await site.fill(VISITOR)
  await context.setOffline(true)
  await expect(page.locator('.lf-offline-hint')).toBeVisible()
  await camera.part(page.locator('.contact-form'), 'form-offline-hint')
  await site.submit()
  await expect(site.notice).toContainText('no connection')
  await camera.part(page.locator('.contact-form'), 'form-saved-offline')
  await page.locator('.contact-form').scrollIntoViewIfNeeded()
  await camera.window(page, 'form-saved-offline-window')
})

test('a lead that is sent', async ({ page, site, camera }) => {
  await site.open()
  await site.send(VISITOR)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await camera.part(page.locator('.contact-form'), 'form-sent')
})

test('a lead that the server cannot take just now', async ({ page, site, faults, camera }) => {
  await site.open()
  await faults.plan('/api/sync/batch', { kind: 'status', status: 503, headers: { 'retry-after': '3000' } }, 2)
  await site.send(VISITOR)
  await expect(page.locator('.sync')).toHaveAttribute('data-state', 'error')
  await camera.part(page.locator('.contact-form'), 'form-server-error')
})

test('a lead that is rejected, and its correction', async ({ page, site, database, camera }) => {
  const form = await database.publishForm('f_acmeroof01')
  try {
    await site.open()
    await form.become((definition) => ({
      ...definition,
      fields: definition.fields.map((field) => (field.type === 'textarea' ? { ...field, maxLength: 40 } : field)),
    }))
    await site.send(VISITOR)
    await expect(site.notice).toHaveAttribute('data-state', 'dead')
    await camera.part(page.locator('.contact-form'), 'form-rejected')
    await page.goto(`${site.origin}/enquiries`)
    await expect(site.enquiry()).toHaveAttribute('data-progress', 'failed')
    await expect(page.locator('.enq-actions')).toBeVisible()
    await camera.window(page, 'enquiries-rejected')
  } finally {
    await form.undo()
  }
})

test('a new version of the site that waits for a person', async ({ page, site, faults, camera }) => {
  await site.open()
  await faults.plan('/sw.js', { kind: 'changed', line: '// another build' }, 100)
  await page.reload()
  await expect(page.locator('.update-notice')).toBeVisible()
  await camera.window(page, 'update-notice')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, serviceWorkers: 'block' })

  test('a plain post with errors gets the form back', async ({ page, site, camera }) => {
    await page.goto(site.origin)
    await page.getByLabel('Your name').fill(VISITOR.name)
    await page.locator('form.lf-form').evaluate((form: HTMLFormElement) => {
      form.noValidate = true
    })
    await site.submit()
    await expect(page.getByRole('heading', { name: 'Almost there' })).toBeVisible()
    await camera.whole(page, 'plain-post-with-errors')
  })
})
