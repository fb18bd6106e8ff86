import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser, openTab, startTestSite, type TestSite } from './testing/test-site.ts'

const SECRET = 'Grace Hopper'
const QUEUE = 'tenant-of-the-test'
const UNTIL_SEALED_MS = 20_000

let site: TestSite
let browser: Browser

beforeAll(async () => {
  site = await startTestSite()
})
afterAll(() => site.close())
beforeEach(async () => {
  site.received.length = 0
  site.statuses.length = 0
  browser = await launchBrowser()
}, 60_000)
afterEach(() => browser.close())

/** Queues leads in a page, with the server refusing them for now. */
async function enqueueInVain(page: Page, count: number): Promise<string[]> {
  site.statuses.push(503)
  return page.evaluate(
    async ([queue, secret, leads]) => {
      const { Outbox, someWrite } = window.testPage
      const outbox = new Outbox({ queue, tenantId: queue, kind: 'visitor', endpoint: '/api/sync/batch' })
      window.testPage.outboxes.set(queue, outbox)
      const views = await outbox.enqueue(...Array.from({ length: leads }, () => someWrite(secret)))
      await outbox.flush()
      return views.map(({ opId }) => opId)
    },
    [QUEUE, SECRET, count] as const,
  )
}

const drain = (page: Page) =>
  page.evaluate(async () => (await window.testPage.drainAll({ urgency: 'now' })).map(({ kind }) => kind))

/** Every byte of every record that a script of the page can get at, as text. */
const dump = (page: Page) =>
  page.evaluate(async (queue) => {
    const opening = indexedDB.open(`landfall-outbox-${queue}`)
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const tx = database.transaction([...database.objectStoreNames])
    const reading = [...database.objectStoreNames].map(
      (name) =>
        new Promise<unknown[]>((resolve) => {
          const request = tx.objectStore(name).getAll()
          request.onsuccess = () => resolve(request.result)
        }),
    )
    const stores = await Promise.all(reading)
    database.close()
    const latin = new TextDecoder('latin1')
    return JSON.stringify(stores, (_name, value: unknown) =>
      value instanceof ArrayBuffer || value instanceof Uint8Array ? latin.decode(value) : value,
    )
  }, QUEUE)

test('what waits is unreadable on the disk, is opened again after a reload, and leaves nothing behind', async () => {
  const page = await openTab(browser, site)
  await enqueueInVain(page, 3)
  expect(await dump(page)).not.toContain('Grace')
  await page.reload()
  await page.waitForFunction(() => 'testPage' in window)
  expect(await drain(page)).toEqual(['empty'])
  expect(site.received).toHaveLength(3)
  const after = JSON.parse(await dump(page)) as unknown[][]
  expect(JSON.stringify(after)).not.toContain('Grace')
  expect(JSON.stringify(after)).not.toContain('sealed')
})

test('tabs that drain at once send each lead once', async () => {
  const tabs = [await openTab(browser, site), await openTab(browser, site), await openTab(browser, site)]
  const sent = await enqueueInVain(tabs[0] as Page, 120)
  await Promise.all(tabs.map(drain))
  expect(site.received.toSorted()).toEqual(sent.toSorted())
})

test('a tab that is closed in the middle of a drain hands it over to the next', async () => {
  const first = await openTab(browser, site)
  const second = await openTab(browser, site)
  const sent = await enqueueInVain(first, 250)
  const cut = first.evaluate(() => void window.testPage.drainAll({ urgency: 'now' }))
  await expect.poll(() => site.received.length).toBeGreaterThanOrEqual(100)
  await first.close()
  await cut.catch(() => {})
  expect(await drain(second)).toEqual(['empty'])
  expect(new Set(site.received)).toEqual(new Set(sent))
})

test('what was written offline gives way in another tab, and goes out once as what took its place', async () => {
  const [first, second] = [await openTab(browser, site), await openTab(browser, site)]
  await first.context().setOffline(true)
  const open = (page: Page) =>
    page.evaluate((queue) => {
      const { Outbox, outboxes } = window.testPage
      outboxes.set(queue, new Outbox({ queue, tenantId: queue, kind: 'member', endpoint: '/api/sync/batch' }))
    }, QUEUE)
  await open(first)
  await open(second)
  const opId = await first.evaluate(
    async ([queue, secret]) => {
      const { outboxes, someEdit } = window.testPage
      const edit = someEdit({ payload: { body: secret } })
      await outboxes.get(queue)?.put([edit])
      await outboxes.get(queue)?.flush({ urgency: 'now' })
      return edit.opId
    },
    [QUEUE, SECRET] as const,
  )
  const outcome = await second.evaluate(
    async ([queue, replaced]) => {
      const { outboxes, someEdit } = window.testPage
      const outbox = outboxes.get(queue)
      const before = await outbox?.readSnapshot()
      const add = someEdit({ payload: { body: 'another' } })
      const isReplaced = await outbox?.replaceUnsent({ remove: [replaced], add: [add] })
      return { attempts: before?.entries.map(({ attempts }) => attempts), isReplaced, opId: add.opId }
    },
    [QUEUE, opId] as const,
  )
  expect(outcome).toMatchObject({ attempts: [0], isReplaced: true })
  expect(await dump(second)).not.toContain('Grace')
  await first.context().setOffline(false)
  expect(await drain(first)).toEqual(['empty'])
  // The first tab comes too late with what it had.
  await first.evaluate(
    async ([queue, late]) => {
      const { outboxes, someEdit } = window.testPage
      await outboxes.get(queue)?.put([someEdit({ opId: late })])
      await outboxes.get(queue)?.flush({ urgency: 'now' })
    },
    [QUEUE, opId] as const,
  )
  expect(site.received).toEqual([outcome.opId])
})

test('an old tab gives way to the new version of the store, and what it had queued in plain is sealed', async () => {
  const old = await openTab(browser, site)
  await old.evaluate(
    async ([queue, secret]) => {
      const { uuidv7 } = window.testPage
      const opening = indexedDB.open(`landfall-outbox-${queue}`, 1)
      opening.onupgradeneeded = () => {
        const entries = opening.result.createObjectStore('entries', { keyPath: 'opId' })
        entries.createIndex('by-state', 'state.kind')
        opening.result.createObjectStore('meta')
        opening.result.createObjectStore('drafts')
      }
      const database = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result)
      })
      // As version 1 did it.
      database.onversionchange = () => database.close()
      const head = { layout: 1, groupId: null, entity: 'lead', action: 'insert', baseVersion: null, formVersion: 1 }
      const rest = { capturedAt: new Date().toISOString(), label: 'Ask us', changes: null }
      const state = { kind: 'queued', attempts: 0, notBeforeMs: 0, lastProblem: null }
      const tx = database.transaction('entries', 'readwrite')
      const payload = { values: { name: secret } }
      tx.objectStore('entries').put({ ...head, ...rest, opId: uuidv7(), entityId: uuidv7(), payload, state })
      await new Promise((resolve) => {
        tx.oncomplete = resolve
      })
    },
    [QUEUE, SECRET] as const,
  )
  const young = await openTab(browser, site)
  site.statuses.push(503)
  await young.evaluate(async (queue) => {
    const { Outbox } = window.testPage
    await new Outbox({ queue, tenantId: queue, kind: 'visitor', endpoint: '/api/sync/batch' }).start()
  }, QUEUE)
  await expect.poll(() => dump(young), { timeout: UNTIL_SEALED_MS }).not.toContain('Grace')
  await drain(young)
  expect(site.received).toHaveLength(1)
})
