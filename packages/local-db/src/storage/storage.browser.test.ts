import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stdout } from 'node:process'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { DEVICE_OWNER } from '../testing/device-owner.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

// Each opens several browsers' worth of databases; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

/** Long and random, so that it is found wherever it stands, and nowhere else. */
const MARKER = 'marker-7f3c1b9e5d2a-of-a-person'

let site: TestSite
let profile: string
let context: BrowserContext

beforeAll(async () => {
  site = await startTestSite('./device-page.ts')
})
afterAll(() => site.close())
beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'landfall-storage-'))
  context = await chromium.launchPersistentContext(profile, { ...chromiumLaunchOptions(), headless: true })
})
afterEach(async () => {
  await context.close()
  await rm(profile, { recursive: true, force: true })
})

async function tab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => 'devicePage' in window)
  return page
}
const open = (page: Page) => page.evaluate(() => window.devicePage.open())
const write = (page: Page, body: string) => page.evaluate((text) => window.devicePage.write(text), body)
const status = (page: Page) => page.evaluate(() => window.devicePage.db?.getStatus())

it('tells what it takes, open or not, and what the browser may take away', async () => {
  const page = await tab()
  await open(page)
  await write(page, 'waits to be sent')
  const storage = await page.evaluate(() => window.devicePage.storage())
  expect(storage.databaseBytes).toBeGreaterThan(4_000_000)
  expect(storage.quotaBytes).toBeGreaterThan(storage.usageBytes ?? 0)
  expect(storage.isPersisted).toBe(false)
  expect(storage.evictable).toEqual({ databaseBytes: storage.databaseBytes, unsentOperations: 1 })
  await page.close()

  const later = await tab()
  const stored = await later.evaluate((owner) => window.devicePage.stored(owner), DEVICE_OWNER)
  expect(stored.databaseBytes).toBeGreaterThan(4_000_000)
  expect(stored.evictable?.unsentOperations).toBeNull()
  expect(await later.evaluate(async () => (await indexedDB.databases()).length)).toBeGreaterThan(1)
  const none = await later.evaluate(() => window.devicePage.stored('nobody'))
  expect(none.databaseBytes).toBe(0)
})

it('says when there is no room, keeps what was acknowledged, and goes on when there is', async () => {
  const page = await tab()
  await open(page)
  await write(page, 'before')
  const session = await context.newCDPSession(page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: 1_000 })
  const tryToWrite = () =>
    page.evaluate(() =>
      window.devicePage.write('x'.repeat(4_000)).then(
        () => 'saved',
        (error: Error) => error.message,
      ),
    )
  // Chromium remembers for up to half a minute how much room there was.
  await expect.poll(tryToWrite, { timeout: 90_000, interval: 1_000 }).not.toBe('saved')
  await expect.poll(() => status(page), { timeout: 60_000 }).toMatchObject({ phase: 'ready', storage: 'full' })
  // Reads go on.
  expect(await page.evaluate(() => window.devicePage.bodies())).toContain('before')

  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin })
  await expect.poll(() => status(page), { timeout: 90_000 }).toMatchObject({ phase: 'ready', storage: 'ok' })
  await expect.poll(tryToWrite, { timeout: 90_000, interval: 1_000 }).toBe('saved')
  expect(await page.evaluate(() => window.devicePage.bodies())).toContain('before')
})

it.each(['wipe', 'delete'])('leaves nothing that a page of the site could read after %s', async (way) => {
  const page = await tab()
  await open(page)
  await page.evaluate(async (marker) => {
    // A row that came by a shape, and a generation that was set aside.
    await window.devicePage.db?.pg.query(
      `INSERT INTO notes_synced (id, lead_id, body, created_at, updated_at, version)
       VALUES (gen_random_uuid(), gen_random_uuid(), $1, now(), now(), 1)`,
      [marker],
    )
  }, MARKER)
  expect(await whereReadable(page)).not.toEqual([])
  const later = await tab()
  if (way === 'wipe') await page.evaluate(() => window.devicePage.db?.wipe())
  else {
    // The worker ends with its last page.
    await page.close()
    await later.waitForFunction(async () => (await navigator.locks.query()).held?.length === 0)
    await later.evaluate((owner) => window.devicePage.delete(owner), DEVICE_OWNER)
  }
  expect(await whereReadable(later)).toEqual([])
  expect(
    await later.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name?.includes('pglite'))),
  ).toEqual([])
  // What the browser itself still holds of it in files of its profile is for the log: see the README.
  await context.close()
  const files = await filesWith(profile, MARKER)
  stdout.write(`after ${way}, files of the profile that hold the marker: ${JSON.stringify(files)}\n`)
})

it('shows nothing of one owner to another on the same device', async () => {
  const page = await tab()
  await open(page)
  await write(page, MARKER)
  await page.evaluate(() => window.devicePage.db?.close())
  const other = await tab()
  await other.evaluate((owner) => window.devicePage.open({ owner }), DEVICE_OWNER.replace(/^(.{35})./, '$1c'))
  expect(await other.evaluate(() => window.devicePage.bodies())).toEqual([])
  const files = await other.evaluate(() =>
    window.devicePage.db?.pg.query<{ owner: string }>('SELECT owner FROM local_owner'),
  )
  expect(files?.rows[0]?.owner).not.toBe(DEVICE_OWNER)
})

/** Every place that scripts of the site can read. */
function whereReadable(page: Page): Promise<string[]> {
  return page.evaluate(async (marker) => {
    const found: string[] = []
    const bytesOf = (value: unknown): string => {
      if (value instanceof Uint8Array) return new TextDecoder('latin1').decode(value)
      if (typeof value === 'object' && value !== null) return Object.values(value).map(bytesOf).join(' ')
      return String(value)
    }
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      for (const store of database.objectStoreNames) {
        const values = await new Promise<unknown[]>((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAll()
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
        if (values.some((value) => bytesOf(value).includes(marker))) found.push(`${name}/${store}`)
      }
      database.close()
    }
    if (JSON.stringify({ ...localStorage, ...sessionStorage }).includes(marker)) found.push('web storage')
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        if ((await response?.text())?.includes(marker)) found.push(`cache ${name}`)
      }
    }
    return found
  }, MARKER)
}

async function filesWith(directory: string, marker: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found: string[] = []
  for (const file of files) {
    const content = await readFile(file).catch(() => Buffer.alloc(0))
    if (content.includes(marker)) found.push(file.slice(directory.length + 1))
  }
  return found
}
