import { env } from 'node:process'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchContext } from '../testing/browser.ts'
import { endSharedWorker } from '../testing/end-shared-worker.ts'
import { startTestSite, type TestSite } from '../testing/test-site.ts'

// Each opens several browsers' worth of databases; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

/** `TAB_TRIALS=20` for as many as the claim in the README rests on. */
const TRIALS = Number(env.TAB_TRIALS ?? 5)

let site: TestSite
beforeAll(async () => {
  site = await startTestSite('./device-page.ts')
})
afterAll(() => site.close())

const write = (page: Page, body: string) => page.evaluate((text) => window.devicePage.write(text), body)
const waitForLive = (page: Page, expected: string[]) =>
  page.waitForFunction((all) => all.every((body) => window.devicePage.live.includes(body)), expected)

describe.each(['SharedWorker', 'Worker of a tab'])('three tabs through a %s', (kind) => {
  let context: BrowserContext
  let close: () => Promise<void>
  const acknowledged: string[] = []

  async function tab(workerQuery = ''): Promise<Page> {
    const page = await context.newPage()
    await page.goto(site.origin)
    await page.waitForFunction(() => 'devicePage' in window)
    await page.evaluate((query) => window.devicePage.open({ workerUrl: window.workerUrl + query }), workerQuery)
    await page.evaluate(() => window.devicePage.watch())
    return page
  }

  beforeEach(async () => {
    ;({ context, close } = await launchContext())
    if (kind !== 'SharedWorker') await context.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
    acknowledged.length = 0
    await context.exposeFunction('acknowledged', (body: string) => void acknowledged.push(body))
  })
  afterEach(() => close())

  it('lose nothing, hang nowhere and stay live when the one that leads is closed in the middle of writes', async () => {
    const tabs = [await tab(), await tab(), await tab()]
    for (let trial = 0; trial < TRIALS; trial++) {
      const [leader, ...others] = tabs.splice(0, 3)
      if (!leader) throw new Error('no tab')
      await leader.evaluate((prefix) => window.devicePage.writeOn(prefix), `leader-${trial}`)
      await expect
        .poll(() => acknowledged.some((body) => body.startsWith(`leader-${trial}-`)), { timeout: 60_000 })
        .toBe(true)
      // They stand in the worker's queue when it goes.
      const writes = others.map((page, place) => write(page, `other-${trial}-${place}`))
      await leader.close()
      await Promise.all(writes)
      const expected = [...acknowledged, `other-${trial}-0`, `other-${trial}-1`]
      await Promise.all(others.map((page) => waitForLive(page, expected)))
      tabs.push(...others, await tab())
    }
    const rows = await tabs[0]?.evaluate(() => window.devicePage.bodies())
    const sent = await tabs[0]?.evaluate(() => window.devicePage.queuedBodies())
    expect(rows).toEqual(expect.arrayContaining(acknowledged))
    expect(sent?.filter((body, place) => sent.indexOf(body) !== place)).toEqual([])
  }, 600_000)

  it('go on together when one of them comes after a deploy, with another worker', async () => {
    const before = await tab()
    await write(before, 'before the deploy')
    const after = await tab('?build=next')
    await waitForLive(after, ['before the deploy'])
    await write(after, 'from the new build')
    await waitForLive(before, ['from the new build'])
    await before.close()
    await write(after, 'after the old worker')
    await waitForLive(after, ['after the old worker'])
  })
})

describe('three tabs of a SharedWorker that dies', () => {
  it('start another by themselves, write on and stay live', async () => {
    const { context, close } = await launchContext()
    try {
      const tabs: Page[] = []
      for (let count = 0; count < 3; count++) {
        const page = await context.newPage()
        await page.goto(site.origin)
        await page.waitForFunction(() => 'devicePage' in window)
        await page.evaluate(() => window.devicePage.open())
        await page.evaluate(() => window.devicePage.watch())
        tabs.push(page)
      }
      const [first, second, third] = tabs
      if (!first || !second || !third) throw new Error('no tab')
      await write(first, 'kept')
      await endSharedWorker(context)
      await Promise.all(tabs.map((page, place) => write(page, `after-${place}`)))
      const expected = ['kept', 'after-0', 'after-1', 'after-2']
      await Promise.all(tabs.map((page) => waitForLive(page, expected)))
      expect(await third.evaluate(() => window.devicePage.db?.getStatus())).toMatchObject({
        phase: 'ready',
        rebuilt: null,
      })
    } finally {
      await close()
    }
  }, 300_000)
})
