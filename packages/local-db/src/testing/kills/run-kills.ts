import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright'
import { startTestSite } from '../test-site.ts'
import { launchKillable } from './killable-chromium.ts'

export interface KillTrial {
  trial: number
  /** From the first write until the browser was killed. */
  killedAfterMs: number
  /** Writes that the page was told of as saved, in this trial. */
  acknowledged: number
  /** Of all that were ever acknowledged, what the next opening did not find. */
  lostFromView: number
  lostFromOutbox: number
  /** Whether the next opening had to make the database anew. */
  rebuilt: string
  openedWithinMs: number
}

export interface KillOptions {
  kills: number
  /** Between 0 and 1. */
  random: () => number
  onTrial?: (trial: KillTrial) => void
}

const WRITE_FOR_MS = 4_000

/** Kills a real Chromium in the middle of writes, again and again on one profile, and looks after each what is still there. */
export async function runKills({ kills, random, onTrial }: KillOptions): Promise<KillTrial[]> {
  const profile = await mkdtemp(join(tmpdir(), 'landfall-kills-'))
  const site = await startTestSite('./device-page.ts')
  const acknowledged = new Set<string>()
  const trials: KillTrial[] = []
  try {
    for (let trial = 1; trial <= kills; trial++) {
      const before = acknowledged.size
      const chromium = await launchKillable(profile)
      let killedAfterMs = 0
      try {
        const page = await openPage(chromium.context, site.origin, acknowledged)
        await page.evaluate((prefix) => window.devicePage.writeOn(prefix), `trial-${trial}`)
        killedAfterMs = Math.round(random() * WRITE_FOR_MS)
        await delay(killedAfterMs)
      } finally {
        await chromium.kill()
      }
      const found = await lookAfter(profile, site.origin, acknowledged)
      const result = { trial, killedAfterMs, acknowledged: acknowledged.size - before, ...found }
      trials.push(result)
      onTrial?.(result)
    }
    return trials
  } finally {
    await site.close()
    await rm(profile, { recursive: true, force: true })
  }
}

async function openPage(context: BrowserContext, origin: string, acknowledged: Set<string>): Promise<Page> {
  const page = await context.newPage()
  await page.exposeFunction('acknowledged', (body: string) => void acknowledged.add(body))
  await page.goto(origin)
  await page.waitForFunction(() => 'devicePage' in window)
  await page.evaluate(() => window.devicePage.open())
  return page
}

async function lookAfter(
  profile: string,
  origin: string,
  acknowledged: ReadonlySet<string>,
): Promise<Omit<KillTrial, 'trial' | 'killedAfterMs' | 'acknowledged'>> {
  const chromium = await launchKillable(profile)
  try {
    const startedAt = performance.now()
    const page = await openPage(chromium.context, origin, new Set())
    const openedWithinMs = Math.round(performance.now() - startedAt)
    const status = await page.evaluate(() => window.devicePage.db?.getStatus())
    const rebuilt = status?.phase === 'ready' ? (status.rebuilt?.detail ?? 'no') : 'not ready'
    // What the outbox holds comes into the view by itself, soon.
    const count = await page.evaluate(() => window.devicePage.queued())
    const isThere = page.waitForFunction(async (all) => (await window.devicePage.bodies()).length >= all, count)
    await isThere.catch(() => {})
    const bodies = new Set(await page.evaluate(() => window.devicePage.bodies()))
    const labels = new Set(await page.evaluate(() => window.devicePage.queuedBodies()))
    const missingIn = (found: ReadonlySet<string>) => [...acknowledged].filter((body) => !found.has(body)).length
    // A write says that it works, whatever was lost before.
    await page.evaluate((text) => window.devicePage.write(text), `after-${acknowledged.size}-${count}`)
    return { lostFromView: missingIn(bodies), lostFromOutbox: missingIn(labels), rebuilt, openedWithinMs }
  } finally {
    await chromium.kill()
  }
}
