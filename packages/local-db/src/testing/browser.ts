import { chromiumLaunchOptions } from '@landfall/chromium'
import { type BrowserContext, chromium, type Page } from 'playwright'
import type { TestPage } from './test-page.ts'
import type { TestSite } from './test-site.ts'

/** A profile of its own, in memory. Pages of one context share storage and workers. */
export async function launchContext(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const browser = await chromium.launch(chromiumLaunchOptions())
  return { context: await browser.newContext(), close: () => browser.close() }
}

/** A tab on the test site, its script loaded. */
export async function openTab(context: BrowserContext, site: TestSite): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.origin)
  await page.waitForFunction(() => 'testPage' in window)
  return page
}

export async function openDatabase(page: Page, options: Parameters<TestPage['open']>[0] = {}): Promise<void> {
  await page.evaluate((given) => window.testPage.open(given), options)
}

export async function query<Row>(page: Page, sql: string): Promise<Row[]> {
  return page.evaluate(async (text) => {
    const { db } = window.testPage
    if (!db) throw new Error('not open')
    return (await db.pg.query<Row>(text)).rows
  }, sql) as Promise<Row[]>
}
