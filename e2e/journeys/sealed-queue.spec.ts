import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { KillableBrowser } from '../harness/killable-browser.ts'
import { type Person, SitePage } from '../harness/site-page.ts'
import { expect, test } from '../harness/test.ts'

const BATCH = '/api/sync/batch'

/** What in the raw store of the page's origin holds one of these texts: `database/store` of each place, read past our own code. */
function placesOf(page: Page, texts: string[]): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const asText = async (value: unknown): Promise<string> => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer)
        return `${new TextDecoder('utf-8').decode(bytes)} ${new TextDecoder('utf-16le').decode(bytes)}`
      }
      if (value instanceof Blob) return asText(await value.arrayBuffer())
      if (typeof value !== 'object' || value === null) return String(value)
      return (await Promise.all(Object.entries(value).flatMap(([key, child]) => [key, asText(child)]))).join('\n')
    }
    const places: string[] = []
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('landfall-')) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      for (const store of database.objectStoreNames) {
        const rows = await new Promise<unknown[]>((resolve, reject) => {
          const reading = database.transaction(store).objectStore(store).getAll()
          reading.onsuccess = () => resolve(reading.result)
          reading.onerror = () => reject(reading.error)
        })
        const text = await asText(rows)
        if (wanted.some((one) => text.includes(one))) places.push(`${name}/${store}`)
      }
      database.close()
    }
    return places
  }, texts)
}

/** Files below the profile's IndexedDB folder in whose bytes one of these texts stands, in UTF-8 or in UTF-16. */
async function filesWith(profile: string, texts: string[]): Promise<string[]> {
  const folder = join(profile, 'Default', 'IndexedDB')
  const found: string[] = []
  for (const name of await readdir(folder, { recursive: true })) {
    const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0))
    const holds = (text: string) => bytes.includes(text, 0, 'utf8') || bytes.includes(text, 0, 'utf16le')
    if (texts.some(holds)) found.push(name)
  }
  return found
}

const textsOf = ({ name, email, message }: Person) => [name, email, message]

test('whoever opens the store of a device reads no name, no address and no message, before delivery or after', async ({
  site,
  person,
  faults,
  page,
}) => {
  const secret = { ...person, email: `ada.${Date.now()}@example.com` }
  await site.open()
  await faults.plan(BATCH, { kind: 'status', status: 503 }, 1_000)
  await site.send(secret)
  await expect(site.notice).toContainText('Saved on this device')
  expect(await placesOf(page, textsOf(secret)), 'while it waits').toEqual([])

  await faults.clear()
  await page.reload()
  await page.goto(`${site.origin}/enquiries`)
  await expect(site.enquiry()).toHaveAttribute('data-progress', 'received')
  expect(await placesOf(page, textsOf(secret)), 'after delivery').toEqual([])
})

test('a half-filled form is kept without a readable word', async ({ site, person, page }) => {
  await site.open()
  await site.fill(person)
  await page.reload()
  await expect(page.getByLabel('Your name')).toHaveValue(person.name)
  expect(await placesOf(page, textsOf(person))).toEqual([])
})

test('the files of a stolen profile hold no readable lead, neither one that waited nor one that went', async ({
  person,
  faults,
  database,
}) => {
  test.setTimeout(120_000)
  const browser = await KillableBrowser.create()
  try {
    await faults.plan(BATCH, { kind: 'status', status: 503 }, 1_000)
    const site = new SitePage(await browser.start())
    await site.page.goto(site.origin)
    await site.page.locator('form.lf-form[data-ready]').waitFor()
    await site.send(person)
    await expect(site.notice).toContainText('Saved on this device')
    await browser.kill()
    expect(await filesWith(browser.profile, textsOf(person)), 'while it waits').toEqual([])

    await faults.clear()
    const again = new SitePage(await browser.start())
    await again.page.goto(`${again.origin}/enquiries`)
    await expect(again.enquiry()).toHaveAttribute('data-progress', 'received')
    expect(await database.leadsOf(person.name)).toHaveLength(1)
    await browser.kill()
    expect(await filesWith(browser.profile, textsOf(person)), 'after delivery').toEqual([])
  } finally {
    await browser.remove()
  }
})
