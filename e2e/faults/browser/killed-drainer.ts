import { seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

/**
 * A tab is closed while its request is on the way; another tab and the service worker take over. What the first one had
 * sent arrives before, after or never.
 */
export async function killedDrainer(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const { proxy } = world.stack
  const visitor = await Visitor.create()
  try {
    const first = await visitor.start()
    await first.untilOfflineReady()
    const second = await visitor.openForm(await first.page.context().newPage())
    await first.page.bringToFront()
    proxy.plan({ path: BATCH_PATH, times: 1, fault: { kind: 'hold', at: random.pick(['before', 'after']) } })
    await visitor.send(first, `Drainer ${seed} ${visitor.browser.profile.slice(-6)}`)
    const isHeld = await until(() => proxy.held() > 0, 15_000)
    const isReleasedFirst = random.chance(0.5)
    const how = random.pick(['go-on', 'break'] as const)
    if (isReleasedFirst) proxy.release(how)
    await first.page.close({ runBeforeUnload: false })
    await second.page.bringToFront()
    // The second tab has a lead of its own to send meanwhile.
    await visitor.send(second, `Drainer ${seed} ${visitor.browser.profile.slice(-6)} of the second tab`)
    const findings = await visitor.untilSettled(second.page)
    proxy.release(how)
    // Answered from the server by now, whoever asked: a request that comes after all must change nothing.
    await until(() => proxy.held() === 0, 5_000)
    const result = await visitor.account(world)
    return withFindings(result, [...findings, ...(isHeld ? [] : ['no request was ever on the way'])])
  } finally {
    await visitor.remove()
  }
}
