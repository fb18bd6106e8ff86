import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { chromium, type Page } from 'playwright'
import { bundle } from './bundle.ts'

let script: Promise<string> | undefined

/**
 * Runs `work` in a new browser whose profile is on disk (a private context keeps IndexedDB in memory), on a page that
 * has the queues of `contenders/device`. The profile is removed afterwards.
 */
export async function onDevicePage<T>(pageUrl: string, work: (page: Page) => Promise<T>): Promise<T> {
  script ??= bundle('../contenders/device/bench-page.ts')
  const profile = await mkdtemp(join(tmpdir(), 'landfall-bench-'))
  try {
    const context = await chromium.launchPersistentContext(profile, chromiumLaunchOptions())
    try {
      const page = await context.newPage()
      await page.goto(pageUrl)
      await page.evaluate(await script)
      return await work(page)
    } finally {
      await context.close()
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
