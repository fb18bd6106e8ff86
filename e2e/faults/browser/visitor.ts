import type { Page } from '@playwright/test'
import { KillableBrowser } from '../../harness/killable-browser.ts'
import { SitePage } from '../../harness/site-page.ts'
import { account, type Claim } from '../server/account.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { readEntries } from './device-entries.ts'
import { until } from './until.ts'

const SETTLED_WITHIN_MS = 40_000
const ARRIVED_WITHIN_MS = 15_000
const TOLD = 'told by the form: '

/** A person with a real browser whose profile outlives it, and what the form told that person of each lead. */
export class Visitor {
  readonly browser: KillableBrowser
  readonly claims: Claim[] = []
  /** Runs in every page before anything else. */
  readonly #initScript: (() => void) | undefined

  private constructor(browser: KillableBrowser, initScript: (() => void) | undefined) {
    this.browser = browser
    this.#initScript = initScript
  }

  static async create(initScript?: () => void): Promise<Visitor> {
    return new Visitor(await KillableBrowser.create(), initScript)
  }

  /** Starts the browser on its profile, and opens the form. */
  async start(): Promise<SitePage> {
    return this.openForm(await this.browser.start())
  }

  async openForm(page: Page): Promise<SitePage> {
    const site = new SitePage(page)
    if (this.#initScript) await page.addInitScript(this.#initScript)
    await page.addInitScript((told) => {
      for (const name of ['saved', 'sent']) {
        addEventListener(`leadform:${name}`, () => console.info(`${told}${name}`))
      }
    }, TOLD)
    await page.goto(site.origin)
    await page.locator('form.lf-form[data-ready]').waitFor()
    return site
  }

  /** Fills the form in and clicks; what the form tells of it from now on is noted as it comes. */
  async click(site: SitePage, mark: string): Promise<Claim> {
    const claim: Claim = { mark, isAcknowledged: false }
    this.claims.push(claim)
    await site.fill({ name: mark, email: 'ada@example.com', message: 'A brown patch on the ceiling.' })
    site.page.on('console', (message) => {
      if (message.text().startsWith(TOLD)) claim.isAcknowledged = true
    })
    await site.submit()
    return claim
  }

  /** As `click`, until the form has told that it is saved. */
  async send(site: SitePage, mark: string): Promise<Claim> {
    const claim = await this.click(site, mark)
    if (!(await until(() => claim.isAcknowledged, 15_000))) throw new Error(`the form never said that ${mark} is saved`)
    return claim
  }

  kill(): Promise<void> {
    return this.browser.kill()
  }

  /** Waits until nothing on the device waits any more. @returns what is wrong when it never does */
  async untilSettled(page: Page): Promise<string[]> {
    const isSettled = await until(async () => {
      const entries = await readEntries(page).catch(() => undefined)
      return entries?.every(({ state }) => state === 'delivered' || state === 'dead') ?? false
    }, SETTLED_WITHIN_MS)
    if (isSettled) return []
    const entries = await readEntries(page).catch((error: unknown) => String(error))
    return [`something still waits after ${SETTLED_WITHIN_MS / 1_000} s: ${JSON.stringify(entries)}`]
  }

  /** Counts every lead. What is not there yet gets the time of a request on its way; what is lost stays lost. */
  async account({ pool, acme }: BrowserWorld): Promise<RunResult> {
    let result = await account(pool, acme.tenantId, this.claims)
    await until(async () => {
      result = await account(pool, acme.tenantId, this.claims)
      return result.tally.lost === 0
    }, ARRIVED_WITHIN_MS)
    return result
  }

  remove(): Promise<void> {
    return this.browser.remove()
  }
}
