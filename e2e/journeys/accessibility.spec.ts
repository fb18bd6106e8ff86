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
  })
}
