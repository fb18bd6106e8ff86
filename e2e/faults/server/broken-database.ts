import { setTimeout as delay } from 'node:timers/promises'
import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, withFindings } from './account.ts'
import { type Device, newDevice, newLead } from './device.ts'
import { sendUntilAnswered } from './send-until-answered.ts'
import { calm, type ServerWorld } from './server-world.ts'

/** Several devices at once, one batch after the other, for as long as `breaks` goes on behind the app. */
async function whileBreaking(
  seed: number,
  world: ServerWorld,
  breaks: (random: SeededRandom) => Promise<void>,
): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const sent: { mark: string; outcome: string | undefined }[] = []
  let failedAttempts = 0
  let isBreaking = true
  const keepSending = async (device: Device) => {
    do {
      const leads = Array.from({ length: random.between(1, 50) }, () => {
        const mark = `Broken ${seed}-${random.between(0, 1e9)}-${device.clientId}`
        return { mark, operation: newLead(world.acme.form, mark, random) }
      })
      const operations = leads.map(({ operation }) => operation)
      const delivery = await sendUntilAnswered(world, world.acme, device, operations)
      failedAttempts += delivery.failedAttempts
      for (const { mark, operation } of leads)
        sent.push({ mark, outcome: delivery.results.get(operation.opId)?.outcome })
    } while (isBreaking)
  }
  const devices = Array.from({ length: random.between(1, 4) }, () => newDevice(random))
  const breaking = breaks(random).finally(() => {
    isBreaking = false
  })
  await Promise.all([breaking, ...devices.map(keepSending)])

  const isTaken = (outcome: string | undefined) => outcome === 'applied' || outcome === 'duplicate'
  const findings = sent.flatMap(({ mark, outcome }) =>
    isTaken(outcome) ? [] : [`${mark} was answered ${outcome}, after ${failedAttempts} attempts that failed`],
  )
  const claims = sent.map(({ mark, outcome }) => ({ mark, isAcknowledged: outcome !== undefined }))
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
