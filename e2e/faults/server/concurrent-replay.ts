import { type SeededRandom, seededRandom } from '../seeded-random.ts'
import type { RunResult } from '../tally.ts'
import { account, withFindings } from './account.ts'
import { newDevice, newLead } from './device.ts'
import { sendUntilAnswered } from './send-until-answered.ts'
import { calm, type ServerWorld } from './server-world.ts'

/** Several drainers send the same leads at once, in batches that overlap: one effect each, and everybody is answered. */
export async function concurrentReplay(seed: number, world: ServerWorld): Promise<RunResult> {
  const random = seededRandom(seed)
  await calm(world)
  const device = newDevice(random)
  const leads = Array.from({ length: random.between(1, 60) }, (_, index) => {
    const mark = `Replay ${seed}-${index}-${device.clientId}`
    return { mark, operation: newLead(world.acme.form, mark, random) }
  })
  const drainers = Array.from({ length: random.between(2, 4) }, () =>
    shuffled(leads, random).slice(0, random.between(1, 60)),
  )
  const deliveries = await Promise.all(
    drainers.map((part) =>
      sendUntilAnswered(
        world,
        world.acme,
        device,
        part.map(({ operation }) => operation),
      ),
    ),
  )

  const findings: string[] = []
  const claims = leads.map(({ mark, operation }) => {
    const answers = deliveries.flatMap(({ results }) => results.get(operation.opId) ?? [])
    const txids = new Set(answers.map((answer) => ('txid' in answer ? answer.txid : undefined)))
    const applied = answers.filter((answer) => answer.outcome === 'applied')
    if (answers.length > 0 && (applied.length > 1 || txids.size !== 1 || txids.has(undefined))) {
      findings.push(`${mark} was answered ${answers.map((answer) => answer.outcome).join(', ')}, txids ${[...txids]}`)
    }
    return { mark, isAcknowledged: answers.length > 0 }
  })
  return withFindings(await account(world.pool, world.acme.tenantId, claims), findings)
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
