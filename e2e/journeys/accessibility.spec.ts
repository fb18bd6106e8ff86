import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../harness/test.ts'

async function violationsOn(page: Page) {
  // Contrast in the middle of a transition is nobody's contrast.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))
}

const looks = [
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 1440, height: 900 },
] as const

for (const { colorScheme, ...viewport } of looks) {
  test.describe(`at ${viewport.width} px, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport })

    for (const slug of ['acme', 'lumen', 'jusoor']) {
      test(`the site of ${slug} and its form's errors have no violation`, async ({ page, site }) => {
        await page.goto(site.origin.replace('acme', slug))
        await page.locator('form.lf-form[data-ready]').waitFor()
        expect(await violationsOn(page)).toEqual([])
        await page.locator('.lf-submit').click()
        await expect(page.locator('.lf-summary')).toBeVisible()
        expect(await violationsOn(page)).toEqual([])
      })
    }

    test('a saved lead, the enquiries and the dashboard have no violation', async ({
      page,
      site,
      dashboard,
      person,
    }) => {
      await page.goto(`${site.origin}/enquiries`)
      await expect(page.getByText('Nothing sent from this device yet')).toBeVisible()
      expect(await violationsOn(page)).toEqual([])
      await site.open()
      await site.send(person)
      await expect(site.notice).toHaveAttribute('data-state', 'delivered')
      expect(await violationsOn(page)).toEqual([])
      await page.goto(`${site.origin}/enquiries`)
      await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
      expect(await violationsOn(page)).toEqual([])

      await dashboard.page.setViewportSize(viewport)
      await dashboard.page.emulateMedia({ colorScheme })
      await dashboard.page.goto(`${dashboard.origin}/sign-in`)
      expect(await violationsOn(dashboard.page)).toEqual([])
      await dashboard.signIn()
      await expect(dashboard.lead(person.name)).toBeVisible()
      expect(await violationsOn(dashboard.page)).toEqual([])
    })

    test('a change to what was sent, and a letter that was not accepted, have no violation', async ({
      page,
      site,
      database,
      person,
    }) => {
      const form = await database.publishForm('f_acmeroof01')
      try {
        await site.open()
        await site.send(person)
        await expect(site.notice).toHaveAttribute('data-state', 'delivered')
        await page.goto(`${site.origin}/enquiries`)
        await site.enquiry().getByRole('button', { name: 'Change' }).click()
        await expect(page.locator('.enq-amend form')).toBeVisible()
        expect(await violationsOn(page)).toEqual([])
      } finally {
        await form.undo()
      }
      const stricter = await database.publishForm('f_acmeroof01')
      try {
        await page.goto(site.origin)
        await page.locator('form.lf-form[data-ready]').waitFor()
        await stricter.become((definition) => ({
          ...definition,
          fields: definition.fields.map((field) => (field.type === 'textarea' ? { ...field, maxLength: 20 } : field)),
        }))
        await site.send(person)
        await expect(site.notice).toHaveAttribute('data-state', 'dead')
        expect(await violationsOn(page)).toEqual([])
        await page.goto(`${site.origin}/enquiries`)
        await expect(page.getByRole('button', { name: 'Download a copy' })).toBeVisible()
        expect(await violationsOn(page)).toEqual([])
      } finally {
        await stricter.undo()
      }
    })

    test('spam and a change that was not accepted have no violation', async ({ site, dashboard, person, database }) => {
      const { page } = dashboard
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await site.open()
      await site.send(person)
      const leadId = String(await site.notice.getAttribute('data-lead'))
      await dashboard.signIn()
      await expect(dashboard.lead(person.name)).toBeVisible()
      await page.context().setOffline(true)
      await dashboard.setStatus(person.name, 'won')
      await expect(dashboard.lead(person.name)).toHaveAttribute('data-state', 'pending')
      const putBack = await database.takeLeadAway(leadId)
      await page.context().setOffline(false)
      await page.getByRole('button', { name: 'Look at it' }).click()
      await putBack()
      await expect(page.locator('.letter')).toContainText(person.name)
      expect(await violationsOn(page)).toEqual([])
      page.on('dialog', (dialog) => void dialog.accept())
      await page.locator('.letter').getByRole('button', { name: 'Delete' }).click()
      await dashboard.setStatus(person.name, 'spam')
      await page.getByRole('button', { name: /^Spam/ }).click()
      await expect(dashboard.lead(person.name)).toContainText('Somebody of your team called it spam')
      expect(await violationsOn(page)).toEqual([])
    })
  })
}
