import type { Page } from '@playwright/test'
import { expect, test } from '../harness/test.ts'

/** The versions of the service worker that the browser holds, by their place. Undefined while the page is reloading. */
const versions = (page: Page) =>
  page
    .evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration()
      const places = (['installing', 'waiting', 'active'] as const).flatMap((place) => {
        const state = registration?.[place]?.state
        return state ? [[place, state] as const] : []
      })
      return Object.fromEntries(places)
    })
    .catch(() => undefined)

test('a new version waits for a person, and strands no lead that was queued under the old one', async ({
  site,
  person,
  database,
  faults,
  page,
  context,
}) => {
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await expect(site.notice).toContainText('Saved on this device')

  // The next version is there, and the way to the server is still broken.
  await faults.plan('/sw.js', { kind: 'changed', line: '// another build' }, 100)
  await faults.plan('/api/sync/batch', { kind: 'status', status: 503 }, 1_000)
  await context.setOffline(false)
  await page.reload()
  const notice = page.getByText('A new version of this site is ready')
  await expect(notice).toBeVisible()
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state)).toBe(
    'installed',
  )
  expect(await database.leadsOf(person.name)).toEqual([])

  await faults.clear('/api/sync/batch')
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect.poll(() => database.leadsOf(person.name)).toHaveLength(1)
  await expect.poll(() => versions(page), 'only the new version is left').toEqual({ active: 'activated' })
  await expect(notice).toBeHidden()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a new version that takes over in the middle of a drain sends nothing twice and strands nothing', async ({
  site,
  person,
  database,
  faults,
  page,
}) => {
  await site.open()
  await faults.plan('/sw.js', { kind: 'changed', line: '// another build' }, 100)
  await page.reload()
  const notice = page.getByText('A new version of this site is ready')
  await expect(notice).toBeVisible()

  // The server has stored it; its answer is still on the way when the old version is replaced.
  await faults.plan('/api/sync/batch', { kind: 'hold', at: 'after' })
  await site.send(person)
  await expect.poll(() => faults.held()).toBe(1)
  await page.getByRole('button', { name: 'Reload' }).click()
  await faults.release('break')
  await expect(notice).toBeHidden()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})
