import { expect, test } from '../harness/test.ts'

test('a lead sent online arrives once, and its receipt comes back', async ({ site, person, database, page }) => {
  await site.open('/?utm_source=newsletter&utm_campaign=spring')
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await expect(site.notice).toContainText('Sent')

  const [lead, ...others] = await database.leadsOf(person.name)
  expect(others).toEqual([])
  expect(lead).toMatchObject({
    status: 'new',
    captured_offline: false,
    attribution: { utm_source: 'newsletter', utm_campaign: 'spring' },
  })

  await page.getByRole('link', { name: 'Your enquiries' }).first().click()
  await expect(site.enquiry(lead?.id)).toHaveAttribute('data-progress', 'received')
  await expect(site.enquiry(lead?.id).locator('[data-state="done"]')).toHaveText([
    /Saved on this device/,
    /Sent/,
    /Received by Acme Roofing/,
  ])
})

test('a lead sent offline arrives once after its tab was closed', async ({ site, person, database, page, context }) => {
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await expect(site.notice).toContainText('Saved on this device')
  await expect(site.notice).toContainText('no connection')
  await page.close()
  expect(await database.leadsOf(person.name)).toEqual([])

  await context.setOffline(false)
  await expect.poll(() => database.leadsOf(person.name)).toHaveLength(1)
  expect(await database.leadsOf(person.name)).toMatchObject([{ captured_offline: true }])
})

test('a lead whose answer was lost after the commit is stored once', async ({ site, person, database, faults }) => {
  await site.open()
  await faults.plan('/api/sync/batch', { kind: 'answer-lost' })
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
  const posts = (await faults.requests()).filter((request) => request === 'POST /api/sync/batch')
  expect(posts.length).toBeGreaterThanOrEqual(2)
})

test('a server that is down for a while gets the lead when it is well', async ({ site, person, database, faults }) => {
  await site.open()
  await faults.plan('/api/sync/batch', { kind: 'status', status: 503, headers: { 'retry-after': '1' } }, 2)
  await site.send(person)
  await expect(site.notice).toContainText('Saved on this device')
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a person can see why it waits, and send at once', async ({ site, person, database, faults, page }) => {
  await site.open()
  await faults.plan('/api/sync/batch', { kind: 'status', status: 503, headers: { 'retry-after': '3000' } }, 2)
  await site.send(person)
  const status = page.locator('.sync')
  await expect(status).toHaveAttribute('data-state', 'error')
  await expect(status).toContainText('cannot take it just now')
  await faults.clear()
  await status.getByRole('button', { name: 'Send now' }).click()
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  await expect(status).toHaveAttribute('data-state', 'online')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('a reload while the lead waits loses and doubles nothing', async ({ site, person, database, page, context }) => {
  await site.open()
  await context.setOffline(true)
  await site.send(person)
  await page.reload()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'saved')
  await context.setOffline(false)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})

test('two tabs of a site share one queue and one list', async ({ site, person, database, page, context }) => {
  await site.open()
  const second = await context.newPage()
  await second.goto(`${site.origin}/enquiries`)
  await expect(second.getByText('Nothing sent from this device yet')).toBeVisible()
  await context.setOffline(true)
  await site.send(person)
  await expect(second.locator('.enq-item')).toHaveAttribute('data-progress', 'saved')
  await context.setOffline(false)
  await expect(second.locator('.enq-item')).toHaveAttribute('data-progress', 'received')
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
  await page.bringToFront()
})

test('a double click is one lead', async ({ site, person, database, page }) => {
  await site.open()
  await site.fill(person)
  await page.getByRole('button', { name: 'Send to Acme Roofing' }).dblclick()
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
})
