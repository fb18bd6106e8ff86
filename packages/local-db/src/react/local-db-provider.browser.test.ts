import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchContext } from '../testing/browser.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

describe('LocalDbProvider in Strict Mode', () => {
  let site: TestSite
  let context: BrowserContext
  let page: Page
  let close: () => Promise<void>
  const complaints: string[] = []

  beforeAll(async () => {
    site = await startTestSite('./react-page.tsx')
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    ;({ context, close } = await launchContext())
    page = await context.newPage()
    complaints.length = 0
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    site.served.length = 0
    await page.goto(site.origin)
    await page.waitForSelector('#toggle')
  })
  afterEach(() => close())

  const phaseIs = (phase: string) => page.waitForSelector(`#phase:text-is("${phase}")`)

  it('downloads nothing until the database is wanted', async () => {
    expect(await page.textContent('li')).toBe('not yet')
    expect(await page.textContent('#phase')).toBe('closed')
    expect(site.served).toEqual([])
  })

  it('shows rows live once it is open', async () => {
    await page.click('#toggle')
    await phaseIs('ready')
    await page.waitForSelector('li', { state: 'detached' })
    await page.click('#write')
    await page.waitForSelector('li:text-is("Enquiry 1")')
    expect(complaints).toEqual([])
  })

  it('gives the connection to the hooks of pglite-react', async () => {
    expect(await page.textContent('#count')).toBe('not yet')
    await page.click('#toggle')
    await page.waitForSelector('#count:text-is("0")')
    await page.click('#write')
    await page.waitForSelector('#count:text-is("1")')
    expect(complaints).toEqual([])
  })

  it('closes and opens again without complaint', async () => {
    await page.click('#toggle')
    await phaseIs('ready')
    await page.click('#write')
    await page.waitForSelector('li:text-is("Enquiry 1")')
    await page.click('#toggle')
    await phaseIs('closed')
    await page.click('#toggle')
    await phaseIs('ready')
    await page.waitForSelector('li:text-is("Enquiry 1")')
    expect(complaints).toEqual([])
  })

  it('survives being given up while it opens', async () => {
    await page.evaluate(() => {
      const toggle = document.getElementById('toggle')
      for (let click = 0; click < 3; click++) toggle?.click()
    })
    await phaseIs('ready')
    await page.click('#write')
    await page.waitForSelector('li:text-is("Enquiry 1")')
    expect(complaints).toEqual([])
  })

  it('opens when the network comes back, if it was first wanted without one', async () => {
    await context.setOffline(true)
    await page.click('#toggle')
    await phaseIs('failed')
    await context.setOffline(false)
    await phaseIs('ready')
  })

  it('shows the failure when the worker can’t be loaded', async () => {
    await page.evaluate(() => {
      window.workerUrl = '/assets/local-db/missing.js'
    })
    await page.click('#toggle')
    await phaseIs('failed')
  })
})

describe('LocalDbProvider in the fallback', () => {
  it('goes on showing live rows after the tab that had the database open is gone', async () => {
    const site = await startTestSite('./react-page.tsx')
    const { context, close } = await launchContext()
    await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
    const [first, second] = [await context.newPage(), await context.newPage()]
    for (const tab of [first, second]) {
      await tab.goto(site.origin)
      await tab.click('#toggle')
      await tab.waitForSelector('#phase:text-is("ready")')
      await tab.waitForSelector('li', { state: 'detached' })
    }
    await first.close()
    await second.click('#write')
    await second.waitForSelector('li:text-is("Enquiry 1")')
    await close()
    await site.close()
  })
})
