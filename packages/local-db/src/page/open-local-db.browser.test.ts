import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchContext, openDatabase, openTab, query } from '../testing/browser.ts'
import { queuedLead } from '../testing/queue-entry.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

const reconcile = (page: Page, orders: number[], revision?: number) =>
  page.evaluate(
    ([entries, given]) => window.testPage.db?.reconcile(entries, given === undefined ? {} : { revision: given }),
    [orders.map((order) => queuedLead(order)), revision] as const,
  )
const labels = async (page: Page) =>
  (await query<{ label: string }>(page, 'SELECT label FROM enquiries ORDER BY label')).map((row) => row.label)
const status = (page: Page) => page.evaluate(() => window.testPage.db?.getStatus())
const waitForLive = (page: Page, name: string, count: number) =>
  page.waitForFunction(([key, rows]) => window.testPage.live[key]?.length === rows, [name, count] as const)

describe.each(['SharedWorker', 'Worker of a tab'])('openLocalDb through a %s', (kind) => {
  let site: TestSite
  let context: BrowserContext
  let close: () => Promise<void>

  beforeAll(async () => {
    site = await startTestSite()
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    ;({ context, close } = await launchContext())
    if (kind !== 'SharedWorker') await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  })
  afterEach(() => close())

  it('opens from the seed, and finds its rows when opened again', async () => {
    const first = await openTab(context, site)
    await openDatabase(first)
    expect(await status(first)).toMatchObject({ phase: 'ready', rebuilt: null })
    expect(site.served.some((name) => name.startsWith('seed-'))).toBe(true)
    await reconcile(first, [1])
    await first.close()

    site.served.length = 0
    const second = await openTab(context, site)
    await openDatabase(second)
    expect(await labels(second)).toEqual(['Enquiry 1'])
    expect(await status(second)).toMatchObject({ phase: 'ready', rebuilt: null })
    expect(site.served.some((name) => name.startsWith('seed-'))).toBe(false)
  })

  it('shows one tab what another writes, also after the tab that opened it is closed', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    expect(await status(second)).toMatchObject({ phase: 'ready' })
    await reconcile(first, [1])
    expect(await labels(second)).toEqual(['Enquiry 1'])

    await first.close()
    await reconcile(second, [1, 2])
    expect(await labels(second)).toEqual(['Enquiry 1', 'Enquiry 2'])
  })

  it('keeps a transaction that was acknowledged right before the worker died', async () => {
    const first = await openTab(context, site)
    await openDatabase(first)
    await first.evaluate(() =>
      window.testPage.db?.pg.transaction(async (tx) => {
        await tx.query(`INSERT INTO receipts_synced (lead_id, form_title) VALUES (gen_random_uuid(), 'Kept')`)
      }),
    )
    await first.close()
    const second = await openTab(context, site)
    await openDatabase(second)
    expect(await labels(second)).toEqual(['Kept'])
  })

  it('deletes the database for every tab when it is wiped, and begins anew afterwards', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    await reconcile(first, [1])
    await second.evaluate(() => window.testPage.db?.wipe())
    expect(await first.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([])
    await first.waitForFunction(() => window.testPage.db?.getStatus().phase === 'failed')

    await openDatabase(second)
    expect(await labels(second)).toEqual([])
  })
})

describe('openLocalDb', () => {
  let site: TestSite
  let context: BrowserContext
  let close: () => Promise<void>

  beforeAll(async () => {
    site = await startTestSite()
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    ;({ context, close } = await launchContext())
  })
  afterEach(async () => {
    site.broken.clear()
    site.isCaching = true
    await close()
  })

  it('keeps a tab’s live query when the tab that opened the database closes', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    await second.evaluate(() => window.testPage.watch('enquiries', 'SELECT * FROM enquiries'))
    await first.close()
    await reconcile(second, [1])
    await waitForLive(second, 'enquiries', 1)
  })

  it('keeps a tab’s live query when another tab drops its own of the same tables', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    await second.evaluate(() => window.testPage.watch('enquiries', 'SELECT * FROM enquiries'))
    await first.evaluate(async () => {
      const live = await window.testPage.db?.pg.live.query('SELECT * FROM enquiries', [], () => {})
      await live?.unsubscribe()
    })
    await reconcile(first, [1])
    await waitForLive(second, 'enquiries', 1)
  })

  it('keeps what a tab wrote while another died in the middle of a transaction', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    await first.evaluate(
      () =>
        new Promise<void>((resolve) => {
          void window.testPage.db?.pg.transaction(async (tx) => {
            await tx.exec(`INSERT INTO receipts_synced (lead_id, form_title) VALUES (gen_random_uuid(), 'Abandoned')`)
            resolve()
            await new Promise(() => {})
          })
        }),
    )
    // Waits behind the open transaction until its tab is gone.
    const write = reconcile(second, [1])
    await first.close()
    await write
    expect(await labels(second)).toEqual(['Enquiry 1'])
  })

  it('lets no older snapshot of the outbox land on a newer one', async () => {
    const [first, second] = [await openTab(context, site), await openTab(context, site)]
    await openDatabase(first)
    await openDatabase(second)
    // The first tab reads, and is slow to go on; the second reads later and would write sooner.
    await first.evaluate(
      (entries) =>
        new Promise<void>((hasRead) => {
          const written = window.testPage.db?.reconcileFrom(() => {
            hasRead()
            return new Promise((resolve) => {
              window.addEventListener('go-on', () => resolve(entries), { once: true })
            })
          })
          Object.assign(window, { written })
        }),
      [queuedLead(1)],
    )
    const later = second.evaluate(
      (entries) => window.testPage.db?.reconcileFrom(async () => entries),
      [queuedLead(1), queuedLead(2)],
    )
    await expect
      .poll(() => second.evaluate(async () => (await navigator.locks.query()).pending?.map(({ name }) => name)))
      .toContain('landfall:reconcile:acme')
    await first.evaluate(async () => {
      window.dispatchEvent(new Event('go-on'))
      await (window as unknown as { written: Promise<void> }).written
    })
    await later
    expect(await labels(second)).toEqual(['Enquiry 1', 'Enquiry 2'])
  })

  it('leaves the stored database alone when the engine can’t be loaded, and opens it later', async () => {
    site.isCaching = false
    const first = await openTab(context, site)
    await openDatabase(first)
    await reconcile(first, [1])
    await first.close()

    const second = await openTab(context, site)
    for (const name of site.served) if (name.endsWith('.wasm')) site.broken.add(name)
    await expect(openDatabase(second)).rejects.toThrow(/could not be opened.*status 503/)
    site.broken.clear()
    await openDatabase(second)
    expect(await status(second)).toMatchObject({ phase: 'ready', rebuilt: null })
    expect(await labels(second)).toEqual(['Enquiry 1'])
  })

  it('fails each time, and never hangs, when the worker’s script is broken', async () => {
    const page = await openTab(context, site)
    for (let attempt = 0; attempt < 6; attempt++) {
      await expect(openDatabase(page, { workerUrl: '/broken-worker.js' })).rejects.toThrow(/did not start/)
    }
  })

  it('refuses an owner that would break out of the names', async () => {
    const page = await openTab(context, site)
    await expect(openDatabase(page, { owner: '../acme' })).rejects.toThrow(/letters, digits/)
  })
})
