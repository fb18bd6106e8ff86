import { test as base, type ConsoleMessage, expect } from '@playwright/test'
import { addresses } from './addresses.ts'
import { DashboardPage } from './dashboard-page.ts'
import { Database } from './database.ts'
import type { Fault, FaultPlan } from './fault.ts'
import { type Person, SitePage } from './site-page.ts'

interface Faults {
  /** Breaks the next `times` requests whose path begins so. */
  plan(path: string, fault: Fault, times?: number): Promise<void>
  /** Mends everything, or only this path. */
  clear(path?: string): Promise<void>
  /** `METHOD /path` of every request since the last clear. */
  requests(): Promise<string[]>
  /** How many requests a `hold` has stopped. */
  held(): Promise<number>
  /** Lets what is held go on, or breaks its connection. */
  release(how: 'go-on' | 'break'): Promise<void>
}

interface Fixtures {
  database: Database
  faults: Faults
  site: SitePage
  dashboard: DashboardPage
  /** A person whose leads are removed when the test ends. */
  person: Person
  /** Messages of `console.error` and page errors that the test did not expect fail it. */
  expectedErrors: RegExp[]
  failOnErrors: undefined
}

let people = 0

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  database: async ({}, use) => {
    const database = new Database()
    await database.connect()
    await use(database)
    await database.end()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  faults: async ({}, use) => {
    const { faultsUrl } = addresses()
    const clear = async (path?: string) => {
      const query = path === undefined ? '' : `?path=${encodeURIComponent(path)}`
      await fetch(faultsUrl + query, { method: 'DELETE' })
    }
    await clear()
    await use({
      clear,
      plan: async (path, fault, times = 1) => {
        const body: FaultPlan = { path, fault, times }
        await fetch(faultsUrl, { method: 'POST', body: JSON.stringify(body) })
      },
      requests: async () => (await fetch(faultsUrl)).json(),
      held: async () => (await fetch(faultsUrl, { method: 'PUT' })).json(),
      release: async (how) => void (await fetch(`${faultsUrl}?release=${how}`, { method: 'PUT' })),
    })
    await clear()
  },
  site: async ({ page }, use) => use(new SitePage(page)),
  dashboard: async ({ browser }, use) => {
    const context = await browser.newContext()
    await use(new DashboardPage(await context.newPage()))
    await context.close()
  },
  person: async ({ database }, use) => {
    people += 1
    const name = `Ada Test ${Date.now()}-${people}`
    await use({ name, email: 'ada@example.com', message: 'A brown patch on the ceiling since Sunday.' })
    await database.removeLeadsOf([name])
  },
  // A network that is away is what most journeys are about; the browser reports it as an error of the page.
  expectedErrors: [[/Failed to load resource/, /net::ERR_/, /Failed to fetch/], { option: true }],
  failOnErrors: [
    async ({ page, expectedErrors }, use) => {
      const unexpected: string[] = []
      const keep = (text: string) => {
        if (!expectedErrors.some((pattern) => pattern.test(text))) unexpected.push(text)
      }
      page.on('console', (message: ConsoleMessage) => message.type() === 'error' && keep(message.text()))
      page.on('pageerror', (error) => keep(String(error)))
      await use(undefined)
      expect(unexpected, 'errors in the console').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
