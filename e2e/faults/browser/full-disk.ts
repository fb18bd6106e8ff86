import { SitePage } from '../../harness/site-page.ts'
import { seededRandom } from '../seeded-random.ts'
import { account, withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { formRefusal } from './form-refusal.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

/** The browser gives the site no more room: the lead goes out at once or stays in the form, and the person is told which. */
export async function fullDisk(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const visitor = await Visitor.create()
  const findings: string[] = []
  const mark = `Full ${seed} ${visitor.browser.profile.slice(-6)}`
  try {
    // Before the site has stored a byte: what it was given earlier it would go on using.
    const page = await visitor.browser.start()
    const session = await page.context().newCDPSession(page)
    const { origin } = new SitePage(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: random.pick([1, 1_000, 50_000]) })
    const site = await visitor.openForm(page)
    const isOffline = random.chance(0.5)
    if (isOffline) world.stack.proxy.plan({ path: '/api/', times: 1_000, fault: { kind: 'unreachable' } })
    const claim = await visitor.click(site, mark)
    const refusal = formRefusal(site.page)
    const isTold = await until(async () => claim.isAcknowledged || (await refusal.count()) > 0, 20_000)
    if (!isTold) findings.push('the form says nothing')
    if (!claim.isAcknowledged) {
      const kept = await site.page.getByLabel('Your name').inputValue()
      if (kept !== mark) findings.push(`it is not saved, and the form has lost what was typed: "${kept}"`)
    }
    world.stack.proxy.clear()
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    if (!claim.isAcknowledged) {
      // The person frees some room, and clicks again.
      await site.submit()
      if (!(await until(() => claim.isAcknowledged, 20_000))) findings.push('with room again it is still not sent')
    }
    findings.push(...(await visitor.untilSettled(site.page)))
    return withFindings(await account(world.pool, world.acme.tenantId, visitor.claims), findings)
  } finally {
    world.stack.proxy.clear(BATCH_PATH)
    await visitor.remove()
  }
}
