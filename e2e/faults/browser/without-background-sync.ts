import { seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { Visitor } from './visitor.ts'

/** As in Firefox and Safari: nothing of Background Sync is there. */
function removeBackgroundSync(): void {
  Reflect.deleteProperty(globalThis, 'SyncManager')
  Reflect.deleteProperty(ServiceWorkerRegistration.prototype, 'sync')
}

/** No Background Sync: the page brings it out by itself, at once or with the next visit, and promises no more than that. */
export async function withoutBackgroundSync(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const { proxy } = world.stack
  const visitor = await Visitor.create(removeBackgroundSync)
  const findings: string[] = []
  try {
    const site = await visitor.start()
    proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'status', status: 503 } })
    await visitor.send(site, `No sync ${seed} ${visitor.browser.profile.slice(-6)}`)
    const said = (await site.notice.textContent()) ?? ''
    if (/also when you close this page/.test(said)) findings.push(`it promises what this browser cannot do: ${said}`)
    proxy.clear()
    if (random.chance(0.5)) {
      findings.push(...(await visitor.untilSettled(site.page)))
    } else {
      await visitor.kill()
      findings.push(...(await visitor.untilSettled((await visitor.start()).page)))
    }
    return withFindings(await visitor.account(world), findings)
  } finally {
    await visitor.remove()
  }
}
