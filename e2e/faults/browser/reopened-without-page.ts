import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

/** How long a browser without a page of the site is watched. */
const WATCHED_MS = 8_000

/**
 * The browser is killed with a lead on it, and starts again without a page of the site. Whether it wakes the service
 * worker by itself is its own affair; the first visit brings the lead out, and the two together store it once.
 */
export async function reopenedWithoutPage(seed: number, world: BrowserWorld): Promise<RunResult> {
  await calm(world)
  const visitor = await Visitor.create()
  try {
    world.stack.proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'unreachable' } })
    const site = await visitor.start()
    await site.untilOfflineReady()
    await visitor.send(site, `Reopened ${seed} ${visitor.browser.profile.slice(-6)}`)
    await visitor.kill()
    world.stack.proxy.clear()
    const page = await visitor.browser.start()
    await until(() => world.stack.proxy.requests().includes(`POST ${BATCH_PATH}`), WATCHED_MS)
    const again = await visitor.openForm(page)
    const findings = await visitor.untilSettled(again.page)
    return withFindings(await visitor.account(world), findings)
  } finally {
    await visitor.remove()
  }
}
