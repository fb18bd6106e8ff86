import { seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { formRefusal } from './form-refusal.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

const TOLD_WITHIN_MS = 20_000

/**
 * Every write of the page fails for want of room, as on a full disk. A quota set from outside does not do it: Chromium
 * lets small transactions pass under any.
 */
function fillDisk(): void {
  const state = globalThis as { hasRoom?: boolean }
  for (const method of ['put', 'add'] as const) {
    const write = IDBObjectStore.prototype[method]
    IDBObjectStore.prototype[method] = function (...rest) {
      if (!state.hasRoom) throw new DOMException('there is no more room', 'QuotaExceededError')
      return write.apply(this, rest)
    }
  }
}

/** The device has no room: the lead goes out at once or stays in the form, and the person is told which. */
export async function fullDisk(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const visitor = await Visitor.create(fillDisk)
  const findings: string[] = []
  const mark = `Full ${seed} ${visitor.browser.profile.slice(-6)}`
  try {
    const site = await visitor.start()
    const isOffline = random.chance(0.5)
    if (isOffline) world.stack.proxy.plan({ path: '/', times: 1_000, fault: { kind: 'unreachable' } })
    const claim = await visitor.click(site, mark)
    const refusal = formRefusal(site.page)
    const isTold = await until(async () => claim.isAcknowledged || (await refusal.count()) > 0, TOLD_WITHIN_MS)
    if (!isTold) findings.push('the form says nothing')
    if (isOffline && claim.isAcknowledged) findings.push('it was called safe, with no room and no network')
    if (!isOffline && !claim.isAcknowledged) findings.push('it was not sent, with no room and a network')
    world.stack.proxy.clear()
    if (isTold && !claim.isAcknowledged) {
      const kept = await site.page.getByLabel('Your name').inputValue()
      if (kept !== mark) findings.push(`it is not saved, and the form has lost what was typed: "${kept}"`)
      // The person frees some room, and clicks again.
      await site.page.evaluate(() => Object.assign(globalThis, { hasRoom: true }))
      await site.submit()
      if (!(await until(() => claim.isAcknowledged, TOLD_WITHIN_MS)))
        findings.push('with room again it is still not sent')
    }
    findings.push(...(await visitor.untilSettled(site.page)))
    return withFindings(await visitor.account(world), findings)
  } finally {
    await visitor.remove()
  }
}
