import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { databaseNames, generationNames } from '../protocol/database-names.ts'
import { launchContext } from '../testing/browser.ts'
import { DEVICE_OWNER } from '../testing/device-owner.ts'
import { type Damage, damageStoredFile } from '../testing/stored-file.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

// Each opens several browsers' worth of databases; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

const FIRST = generationNames(databaseNames(DEVICE_OWNER), 1).indexedDbName

let site: TestSite
let context: BrowserContext
let close: () => Promise<void>

beforeAll(async () => {
  site = await startTestSite('./device-page.ts')
})
afterAll(() => site.close())
beforeEach(async () => {
  ;({ context, close } = await launchContext())
})
afterEach(() => close())

async function tab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => 'devicePage' in window)
  return page
}
const open = (page: Page, options = {}) => page.evaluate((given) => window.devicePage.open(given), options)
const status = (page: Page) => page.evaluate(() => window.devicePage.db?.getStatus())
const bodies = (page: Page) => page.evaluate(() => window.devicePage.bodies())
const databases = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).flatMap(({ name }) => (name?.includes('pglite') ? name : [])))

/** A database with three notes that wait to be sent, closed; answers where a relation lies. */
async function writtenDevice(relations: string[] = []): Promise<string[]> {
  const page = await tab()
  await open(page)
  for (const body of ['one', 'two', 'three']) await page.evaluate((text) => window.devicePage.write(text), body)
  const paths = await page.evaluate(async (names) => {
    const pg = window.devicePage.db?.pg
    await pg?.exec('CHECKPOINT')
    const found: string[] = []
    for (const name of names) {
      const result = await pg?.query<{ path: string }>('SELECT pg_relation_filepath($1::regclass) AS path', [name])
      found.push(result?.rows[0]?.path ?? '')
    }
    return found
  }, relations)
  await page.close()
  return paths
}

/** A page of the site when no worker has the database open any more. */
async function quietTab(): Promise<Page> {
  const page = await tab()
  await page.waitForFunction(async () => (await navigator.locks.query()).held?.length === 0)
  return page
}

const RELATION = 'RELATION'
const DAMAGES: [name: string, relation: string | null, damage: Damage][] = [
  ['the control file is noise', null, { kind: 'random', path: 'global/pg_control' }],
  ['the control file is gone', null, { kind: 'delete', path: 'global/pg_control' }],
  ['the WAL is noise', null, { kind: 'random', path: 'pg_wal/0000*' }],
  ['the WAL is cut off', null, { kind: 'truncate', path: 'pg_wal/0000*', bytes: 5_000 }],
  ['the WAL is gone', null, { kind: 'delete', path: 'pg_wal/0000*' }],
  ['a table is noise', 'sync_operations', { kind: 'random', path: RELATION }],
  ['a table’s file is gone', 'notes_local', { kind: 'delete', path: RELATION }],
  ['some bytes of a row are others', 'notes_local', { kind: 'flip', path: RELATION, from: 8_100, to: 8_120 }],
  ['an index is noise', 'sync_operations_pkey', { kind: 'random', path: RELATION }],
  ['a catalog is noise', 'pg_attribute', { kind: 'random', path: RELATION }],
  ['a catalog’s file is gone', 'pg_class', { kind: 'delete', path: RELATION }],
  ['the map of catalogs is noise', null, { kind: 'random', path: 'base/5/pg_filenode.map' }],
  ['the transaction log is noise', null, { kind: 'random', path: 'pg_xact/0000' }],
  ['a record is no file at all', null, { kind: 'mode', path: 'global/pg_control' }],
  ['the version is another', null, { kind: 'text', path: 'PG_VERSION', text: '17\n' }],
  ['the engine’s stamp is another', null, { kind: 'text', path: 'landfall-engine', text: 'pglite-0.4.0-postgres-17' }],
]

describe('a damaged database', () => {
  it.each(DAMAGES)('is ready again, with every operation, when %s', async (_name, relation, damage) => {
    const [path] = await writtenDevice(relation ? [relation] : [])
    const page = await quietTab()
    await damageStoredFile(page, FIRST, path ? { ...damage, path } : damage)
    await open(page)
    // Some damage is found by the check behind the opening, after which another worker opens it.
    await expect.poll(() => bodies(page).catch(String), { timeout: 30_000 }).toEqual(['one', 'three', 'two'])
    await page.evaluate(() => window.devicePage.write('four'))
    await expect.poll(() => status(page), { timeout: 30_000 }).toMatchObject({ phase: 'ready' })
    await expect.poll(() => bodies(page).catch(String), { timeout: 30_000 }).toEqual(['four', 'one', 'three', 'two'])
  })
})

describe('setting aside', () => {
  it('tells why, and deletes what was set aside at the next opening', async () => {
    await writtenDevice()
    const page = await quietTab()
    await damageStoredFile(page, FIRST, { kind: 'random', path: 'global/pg_control' })
    await open(page)
    expect(await status(page)).toMatchObject({ phase: 'ready', rebuilt: { reason: 'damaged' } })
    expect(await databases(page)).toHaveLength(2)
    await page.close()
    const later = await quietTab()
    await open(later)
    expect(await status(later)).toMatchObject({ phase: 'ready', rebuilt: null })
    await expect.poll(() => databases(later), { timeout: 60_000 }).toEqual([FIRST.replace('~1', '~2')])
  })

  it('does not wait for somebody who holds on to the broken one', async () => {
    await writtenDevice()
    const page = await quietTab()
    await damageStoredFile(page, FIRST, { kind: 'random', path: 'global/pg_control' })
    const holder = await tab()
    await holder.evaluate(
      (name) =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open(name)
          opening.onsuccess = () => {
            Object.assign(window, { held: opening.result })
            resolve()
          }
        }),
      FIRST,
    )
    await open(page)
    expect(await bodies(page).then((all) => all.length)).toBeLessThanOrEqual(3)
    await expect.poll(() => bodies(page), { timeout: 60_000 }).toEqual(['one', 'three', 'two'])
    expect(await databases(page)).toContain(FIRST)
  })

  it('happens to a database that does not open in time', async () => {
    await writtenDevice()
    const page = await quietTab()
    const holder = await tab()
    // A transaction that never ends: whoever wants to read the files waits for it.
    await holder.evaluate(
      (name) =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open(name)
          opening.onsuccess = () => {
            const files = opening.result.transaction('FILE_DATA', 'readwrite').objectStore('FILE_DATA')
            const spin = () => {
              files.count().onsuccess = spin
            }
            spin()
            resolve()
          }
        }),
      FIRST,
    )
    await open(page, { openWithinMs: 8_000 })
    expect(await status(page)).toMatchObject({ phase: 'ready', rebuilt: { reason: 'hung' } })
    await holder.close()
    await expect.poll(() => bodies(page), { timeout: 60_000 }).toEqual(['one', 'three', 'two'])
  })

  it('happens to a database of another owner, whose rows are never shown', async () => {
    const page = await tab()
    await open(page)
    await page.evaluate(async () => {
      await window.devicePage.write('secret of the first')
      await window.devicePage.db?.pg.query(`UPDATE local_owner SET owner = 'somebody.else'`)
    })
    await page.close()
    const later = await quietTab()
    // The outbox is the owner's own; what is looked for is what only the database held.
    await later.evaluate(() => indexedDB.deleteDatabase('landfall-outbox-019a0000-0000-7000-8000-0000000000aa'))
    await open(later)
    expect(await status(later)).toMatchObject({ phase: 'ready', rebuilt: { reason: 'other-owner' } })
  })

  it('ends with a clear message when it helps no more', async () => {
    for (const generation of [1, 2, 3]) {
      const page = await quietTab()
      await open(page)
      await page.close()
      const later = await quietTab()
      const { indexedDbName } = generationNames(databaseNames(DEVICE_OWNER), generation)
      await damageStoredFile(later, indexedDbName, { kind: 'random', path: 'global/pg_control' })
      await later.close()
    }
    const page = await quietTab()
    await expect(open(page)).rejects.toThrow(/made anew 2 times in a row.*nothing that waits to be sent is lost/)
  })
})
