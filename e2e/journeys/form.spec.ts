import type { Page } from '@playwright/test'
import { expect, test } from '../harness/test.ts'

test('errors stand at their fields, are announced, and the first takes the focus', async ({ site, page }) => {
  await site.open()
  await page.getByLabel('Email', { exact: false }).first().fill('nobody')
  await site.submit()
  await expect(page.getByRole('alert').filter({ hasText: 'need your attention' })).toBeVisible()
  await expect(page.getByLabel('Your name')).toBeFocused()
  await expect(page.getByLabel('Your name')).toHaveAccessibleDescription('Please fill this in.')
  await expect(page.getByLabel('Email', { exact: false }).first()).toHaveAccessibleDescription(/name@example\.com/)
  await expect(page.getByRole('checkbox')).toHaveAccessibleDescription(/agreement/)
})

test('what was typed comes back after the tab was closed, and can be cleared', async ({
  site,
  person,
  page,
  context,
}) => {
  await site.open()
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('What can you see', { exact: false }).fill(person.message)
  await expect.poll(() => countDrafts(page)).toBe(1)
  await page.close()
  const again = await context.newPage()
  await again.goto(site.origin)
  await expect(again.getByText('We kept what you had typed here.')).toBeVisible()
  await expect(again.getByLabel('Your name')).toHaveValue(person.name)
  await again.getByRole('button', { name: 'Start over' }).click()
  await expect(again.getByLabel('Your name')).toHaveValue('')
  await again.reload()
  await again.locator('form.lf-form[data-ready]').waitFor()
  await expect(again.getByLabel('Your name')).toHaveValue('')
})

test('a page hears the steps of a lead as events, each once', async ({ site, person, page }) => {
  await page.addInitScript(() => {
    const heard: string[] = []
    Object.assign(globalThis, { heard })
    for (const name of ['start', 'saved', 'sent', 'received', 'status', 'error']) {
      document.addEventListener(`leadform:${name}`, (event) => {
        heard.push(`${name}:${(event as CustomEvent).detail.submissionId ? 'id' : '-'}`)
      })
    }
  })
  await site.open()
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  const heard = () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
  await expect.poll(heard).toEqual(['start:-', 'saved:id', 'sent:id', 'received:id'])
})

test('a message that was not accepted is corrected from the list and arrives as the same lead', async ({
  site,
  person,
  database,
  page,
}) => {
  const form = await database.publishForm('f_acmeroof01')
  try {
    await site.open()
    await form.become((definition) => ({
      ...definition,
      fields: definition.fields.map((field) => (field.type === 'textarea' ? { ...field, maxLength: 20 } : field)),
    }))
    await site.send(person)
    await expect(site.notice).toHaveAttribute('data-state', 'dead')
    await page.goto(`${site.origin}/enquiries`)
    await expect(site.enquiry()).toHaveAttribute('data-progress', 'failed')
    const leadId = await site.enquiry().getAttribute('data-lead')
    expect(await database.leadsOf(person.name)).toEqual([])

    await page.getByRole('link', { name: 'Correct and send again' }).click()
    const message = page.getByLabel('What can you see', { exact: false })
    await expect(message).toHaveValue(person.message)
    await expect(message).toHaveAccessibleDescription(/too long/)
    await message.fill('A brown patch.')
    await site.submit()
    await expect(site.notice).toHaveAttribute('data-state', 'delivered')
    expect(await database.leadsOf(person.name)).toMatchObject([{ id: leadId, values: { message: 'A brown patch.' } }])
  } finally {
    await form.undo()
  }
})

test('the form of a right-to-left tenant speaks its language', async ({ page, site }) => {
  await page.goto(site.origin.replace('acme', 'jusoor'))
  await page.locator('form.lf-form[data-ready]').waitFor()
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await page.getByRole('button', { name: 'أرسل الطلب' }).click()
  await expect(page.getByLabel('الاسم الكامل')).toHaveAccessibleDescription('يرجى ملء هذا الحقل.')
})

/** Drafts on the device's disk. */
function countDrafts(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((found) => found.name?.startsWith('landfall-outbox-'))?.name
    const opening = indexedDB.open(String(name))
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result)
    })
    const counting = database.transaction('drafts').objectStore('drafts').count()
    const count = await new Promise<number>((resolve) => {
      counting.onsuccess = () => resolve(counting.result)
    })
    database.close()
    return count
  })
}
