import type { CDPSession, Page } from '@playwright/test'
import { seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

/** The service worker is ended in the middle of the drain that a sync woke it for, with no page of the site open. */
export async function killedWorker(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const { proxy } = world.stack
  const visitor = await Visitor.create()
  const findings: string[] = []
  try {
    const site = await visitor.start()
    await site.untilOfflineReady()
    proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'status', status: 503 } })
    await visitor.send(site, `Worker ${seed} ${visitor.browser.profile.slice(-6)}`)
    const { session, registrationId } = await serviceWorkersOf(site.page, site.origin)
    await site.page.goto('about:blank')
    proxy.clear()
    proxy.plan({ path: BATCH_PATH, times: 1, fault: { kind: 'hold', at: random.pick(['before', 'after']) } })
    const tag = `landfall:drain:${world.acme.tenantId}`
    await session.send('ServiceWorker.dispatchSyncEvent', {
      origin: site.origin,
      registrationId,
      tag,
      lastChance: false,
    })
    if (!(await until(() => proxy.held() > 0, 15_000))) findings.push('the service worker sent nothing')
    await session.send('ServiceWorker.stopAllWorkers')
    proxy.release(random.pick(['go-on', 'break']))
    const again = await visitor.openForm(site.page)
    findings.push(...(await visitor.untilSettled(again.page)))
    return withFindings(await visitor.account(world), findings)
  } finally {
    await visitor.remove()
  }
}

/** The browser's handle on the service workers of an origin; it outlives the page that asked for it. */
async function serviceWorkersOf(page: Page, origin: string): Promise<{ session: CDPSession; registrationId: string }> {
  const session = await page.context().newCDPSession(page)
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin))
      if (own) resolve(own.registrationId)
    })
  })
  await session.send('ServiceWorker.enable')
  return { session, registrationId: await found }
}
