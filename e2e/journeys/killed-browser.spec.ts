import { KillableBrowser } from '../harness/killable-browser.ts'
import { SitePage } from '../harness/site-page.ts'
import { expect, test } from '../harness/test.ts'

const KILLS = 20

test(`what the page called saved survives ${KILLS} kills of the browser, and arrives once each`, async ({
  faults,
  person,
  database,
}) => {
  test.setTimeout(240_000)
  const browser = await KillableBrowser.create()
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      // There is no way to the server, however often it is tried.
      await faults.clear()
      await faults.plan('/api/sync/batch', { kind: 'unreachable' }, 1_000)
      const site = new SitePage(await browser.start())
      await site.page.goto(site.origin)
      await site.page.locator('form.lf-form[data-ready]').waitFor()
      await site.fill({ ...person, message: `Lead ${kill}` })
      await site.submit()
      await site.notice.getByText('Saved on this device').waitFor()
      await browser.kill()
    }
    expect(await database.leadsOf(person.name)).toEqual([])

    await faults.clear()
    const page = await browser.start()
    await page.goto(new SitePage(page).origin)
    await expect.poll(async () => (await database.leadsOf(person.name)).length).toBeGreaterThanOrEqual(KILLS)
    await page.goto(`${new SitePage(page).origin}/enquiries`)
    await expect(page.locator('.enq-item[data-progress="received"]')).toHaveCount(KILLS)

    const messages = (await database.leadsOf(person.name)).map((lead) => lead.values.message)
    const expected = Array.from({ length: KILLS }, (_, index) => `Lead ${index + 1}`)
    expect(messages.toSorted()).toEqual(expected.toSorted())
  } finally {
    await browser.remove()
  }
})
