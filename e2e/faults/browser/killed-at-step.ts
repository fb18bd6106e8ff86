import { setTimeout as delay } from 'node:timers/promises'
import type { SitePage } from '../../harness/site-page.ts'
import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import { withFindings } from '../server/account.ts'
import { BATCH_PATH, calm } from '../server/server-world.ts'
import type { RunResult } from '../tally.ts'
import type { BrowserWorld } from './browser-world.ts'
import { until } from './until.ts'
import { Visitor } from './visitor.ts'

interface Step {
  visitor: Visitor
  site: SitePage
  mark: string
  world: BrowserWorld
  random: SeededRandom
}

const HELD_WITHIN_MS = 15_000

/** Brings a lead to one point of its way, so that the kill meets it there. */
const STEPS: Record<string, (step: Step) => Promise<void>> = {
  'between click and put': async ({ visitor, site, mark, random }) => {
    await visitor.click(site, mark)
    await delay(random.between(0, 40))
  },
  'after "saved", with no network': async ({ visitor, site, mark, world }) => {
    world.stack.proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'unreachable' } })
    await visitor.send(site, mark)
  },
  'sent, before the server has it': async (step) => {
    step.world.stack.proxy.plan({ path: BATCH_PATH, times: 1, fault: { kind: 'hold', at: 'before' } })
    await sendUntilHeld(step)
  },
  'committed, before the answer': async (step) => {
    step.world.stack.proxy.plan({ path: BATCH_PATH, times: 1, fault: { kind: 'hold', at: 'after' } })
    await sendUntilHeld(step)
  },
  'as the answer comes': async (step) => {
    step.world.stack.proxy.plan({ path: BATCH_PATH, times: 1, fault: { kind: 'hold', at: 'after' } })
    await sendUntilHeld(step)
    step.world.stack.proxy.release('go-on')
    await delay(step.random.between(0, 30))
  },
  'after the answer, in the purge': async ({ visitor, site, mark, random }) => {
    await visitor.send(site, mark)
    await until(async () => (await site.notice.getAttribute('data-state')) === 'delivered', HELD_WITHIN_MS)
    await delay(random.between(0, 30))
  },
  'in the drain of several': async ({ visitor, site, mark, world, random }) => {
    world.stack.proxy.plan({ path: BATCH_PATH, times: 1_000, fault: { kind: 'unreachable' } })
    for (let lead = 1; lead <= 3; lead += 1) {
      await visitor.send(site, `${mark} of three, ${lead}`)
      await site.page.reload()
      await site.page.locator('form.lf-form[data-ready]').waitFor()
    }
    world.stack.proxy.clear()
    world.stack.proxy.plan({
      path: BATCH_PATH,
      times: 2,
      fault: { kind: 'hold', at: random.pick(['before', 'after']) },
    })
    await site.page.reload()
    await until(() => world.stack.proxy.held() > 0, HELD_WITHIN_MS)
  },
}

async function sendUntilHeld({ visitor, site, mark, world }: Step): Promise<void> {
  await visitor.click(site, mark)
  if (!(await until(() => world.stack.proxy.held() > 0, HELD_WITHIN_MS))) throw new Error('no request came')
}

/** SIGKILL to the whole browser at a step; then the same profile again, and everything that was called saved. */
export async function killedAtStep(seed: number, world: BrowserWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const name = Object.keys(STEPS)[seed % Object.keys(STEPS).length] as string
  const visitor = await Visitor.create()
  try {
    const site = await visitor.start()
    await STEPS[name]?.({ visitor, site, world, random, mark: `Killed ${seed} ${visitor.browser.profile.slice(-6)}` })
    await visitor.kill()
    // What had left the device arrives, or never does.
    world.stack.proxy.release(random.pick(['go-on', 'break']))
    world.stack.proxy.clear()
    const again = await visitor.start()
    const findings = await visitor.untilSettled(again.page)
    const result = await visitor.account(world)
    return withFindings(
      result,
      findings.map((finding) => `${name}: ${finding}`),
    )
  } finally {
    await visitor.remove()
  }
}
