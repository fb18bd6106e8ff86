import { readFile } from 'node:fs/promises'
import type { FormDefinition } from '@landfall/contract'
import type { Page } from '@playwright/test'
import { expect, test } from '../harness/test.ts'

/** Messages of more than 20 characters are refused by a form that a page has known otherwise. */
const withShortMessages = (definition: FormDefinition): FormDefinition => ({
  ...definition,
  fields: definition.fields.map((field) => (field.type === 'textarea' ? { ...field, maxLength: 20 } : field)),
})

async function readCopy(page: Page) {
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download a copy' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^undelivered-.*\.json$/)
  return JSON.parse(await readFile(await download.path(), 'utf8'))
}

test('a message that was not accepted is corrected offline, and arrives when there is a network', async ({
  site,
  person,
  database,
  page,
  context,
}) => {
  const form = await database.publishForm('f_acmeroof01')
  try {
    await site.open()
    await form.become(withShortMessages)
    await site.send(person)
    await expect(site.notice).toHaveAttribute('data-state', 'dead')
    const leadId = await site.notice.getAttribute('data-lead')
    await page.goto(`${site.origin}/enquiries`)
    await context.setOffline(true)
    await page.getByRole('link', { name: 'Correct and send again' }).click()
    const field = page.getByLabel('What can you see', { exact: false })
    await expect(field).toHaveValue(person.message)
    await field.fill('A brown patch.')
    await site.submit()
    await expect(site.notice).toContainText('Saved on this device')
    expect(await database.leadsOf(person.name)).toEqual([])
    await context.setOffline(false)
    await expect(site.notice).toHaveAttribute('data-state', 'delivered')
    expect(await database.leadsOf(person.name)).toMatchObject([{ id: leadId, values: { message: 'A brown patch.' } }])
  } finally {
    await form.undo()
  }
})

test('what was not accepted can be taken along as a file, and deleted', async ({ site, person, database, page }) => {
  page.on('dialog', (dialog) => void dialog.accept())
  const form = await database.publishForm('f_acmeroof01')
  try {
    await site.open()
    await form.become(withShortMessages)
    await site.send(person)
    await expect(site.notice).toHaveAttribute('data-state', 'dead')
    await page.goto(`${site.origin}/enquiries`)
    const copy = await readCopy(page)
    expect(copy).toMatchObject({
      format: 'landfall-outbox-export',
      version: 1,
      deadLetters: [
        {
          action: 'insert',
          reason: 'invalid_values',
          fields: { message: 'too_long' },
          payload: { values: { name: person.name, message: person.message } },
        },
      ],
      quarantined: [],
    })
    await site.enquiry().getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByText('Nothing sent from this device yet')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Download a copy' })).toHaveCount(0)
  } finally {
    await form.undo()
  }
})

test('a record that cannot be read is listed, taken along and deleted, and stops nothing', async ({
  site,
  person,
  database,
  page,
}) => {
  page.on('dialog', (dialog) => void dialog.accept())
  await site.open()
  await page.goto(`${site.origin}/enquiries`)
  await expect(page.getByText('Nothing sent from this device yet')).toBeVisible()
  await page.evaluate(async () => {
    const name = (await indexedDB.databases()).find((found) => found.name?.startsWith('landfall-outbox-'))?.name
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(String(name))
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    await new Promise((resolve, reject) => {
      const tx = database.transaction('entries', 'readwrite')
      tx.objectStore('entries').put({ opId: 'of-another-time', layout: 99, state: { kind: 'queued' } })
      tx.oncomplete = resolve
      tx.onerror = () => reject(tx.error)
    })
    database.close()
  })
  await page.reload()
  await expect(page.locator('[data-unreadable]')).toContainText('A message that could not be read')
  expect(await readCopy(page)).toMatchObject({
    deadLetters: [],
    quarantined: [{ key: 'of-another-time', reason: 'unknown_layout', record: { layout: 99 } }],
  })

  await site.open()
  await site.send(person)
  await expect(site.notice).toHaveAttribute('data-state', 'delivered')
  expect(await database.leadsOf(person.name)).toHaveLength(1)
  await page.goto(`${site.origin}/enquiries`)
  await page.locator('[data-unreadable]').getByRole('button', { name: 'Delete' }).click()
  await expect(page.locator('[data-unreadable]')).toHaveCount(0)
  await page.reload()
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  await expect(page.locator('[data-unreadable]')).toHaveCount(0)
})

test("a member's change that was not accepted is shown with both values, and sent again", async ({
  site,
  dashboard,
  person,
  database,
}) => {
  const { page } = dashboard
  await site.open()
  await site.send(person)
  await dashboard.signIn()
  await expect(dashboard.lead(person.name)).toBeVisible()
  const leadId = String(await site.notice.getAttribute('data-lead'))
  await page.context().setOffline(true)
  await dashboard.setStatus(person.name, 'won')
  await expect(dashboard.lead(person.name)).toHaveAttribute('data-state', 'pending')
  const putBack = await database.takeLeadAway(leadId)
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Look at it' }).click()
  const letter = page.locator('.letter')
  await expect(letter).toHaveAttribute('data-reason', 'not_found')
  await putBack()
  await expect(letter).toContainText(person.name)
  await expect(letter.locator('dd')).toHaveText(['Status', 'Won', 'New'])
  expect(await readCopy(page)).toMatchObject({
    deadLetters: [{ action: 'update', reason: 'not_found', payload: { status: 'won' } }],
  })
  await letter.getByRole('button', { name: 'Send again' }).click()
  await expect(dashboard.statusOf(person.name)).toHaveValue('won')
  await expect.poll(() => database.leadsOf(person.name)).toMatchObject([{ status: 'won' }])
  await expect(page.getByRole('button', { name: /Not accepted/ })).toHaveCount(0)
})
