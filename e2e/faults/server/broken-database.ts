import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, withFindings } from './account.ts'
import { type Device, newDevice, newLead } from './device.ts'
import { sendUntilAnswered } from './send-until-answered.ts'
import { calm, type ServerWorld } from './server-world.ts'

/** Several devices at once, each with a batch of its own, while `breaks` goes on behind the app. */
async function whileBreaking(
  seed: number,
  world: ServerWorld,
  breaks: (random: ReturnType<typeof seededRandom>) => Promise<void>,
): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const devices = Array.from({ length: random.between(1, 4) }, () => newDevice(random))
  const batches = devices.map((device: Device, place) => {
    const leads = Array.from({ length: random.between(5, 50) }, (_, index) => {
      const mark = `Broken ${seed}-${place}-${index}-${device.clientId}`
      return { mark, operation: newLead(world.acme.form, mark, random) }
    })
    return { device, leads }
  })
  const sending = batches.map(({ device, leads }) =>
    sendUntilAnswered(
      world,
      world.acme,
      device,
      leads.map(({ operation }) => operation),
    ),
  )
  const [, ...deliveries] = await Promise.all([breaks(random), ...sending])
  const findings: string[] = []
  const claims = batches.flatMap(({ leads }, place) =>
    leads.map(({ mark, operation }) => {
      const outcome = deliveries[place]?.results.get(operation.opId)?.outcome
      if (outcome !== 'applied' && outcome !== 'duplicate') findings.push(`${mark} was answered ${outcome}`)
      return { mark, isAcknowledged: outcome !== undefined }
    }),
  )
  return withFindings(await account(world.pool, world.acme.tenantId, claims), findings)
}

/** The connections of the app are cut a few times, at any moment of its transactions. */
export const cutConnections = (seed: number, world: ServerWorld) =>
  whileBreaking(seed, world, async (random) => {
    for (let cut = random.between(1, 4); cut > 0; cut -= 1) {
      await delay(random.between(0, 25))
      await world.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'landfall_app' AND pid <> pg_backend_pid()",
      )
    }
  })

/** Postgres itself ends in the middle of batches, in order or as in a crash, and comes back. */
export const restartPostgres = (seed: number, world: ServerWorld) =>
  whileBreaking(seed, world, async (random) => {
    await delay(random.between(0, 30))
    await world.stack.restartPostgres(random.pick(['fast', 'immediate']))
  })

/** The app is stopped in the middle of batches and started anew, as a deploy does. */
export const restartApp = (seed: number, world: ServerWorld) =>
  whileBreaking(seed, world, async (random) => {
    await delay(random.between(0, 30))
    await world.stack.restartApp()
  })
