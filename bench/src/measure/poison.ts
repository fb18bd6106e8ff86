import { milliseconds, times } from '../report/number.ts'
import type { Section } from '../report/section.ts'
import type { Load, Poison } from '../stage/load.ts'
import { REFUSE_BY_NAME, REFUSE_NO_MORE } from '../stage/poisoned.ts'
import type { RealStack } from '../stage/real-stack.ts'
import { fillTables } from '../stage/tables.ts'
import type { Effort } from './effort.ts'
import { type Spread, spreadOf } from './spread.ts'

const BATCH = 50
const CONTENDERS = ['landfall, engine alone', 'landfall over HTTP'] as const
const POISONS: Poison[] = ['none', 'refused by the form', 'refused by the database']

export type PoisonTimes = { contender: (typeof CONTENDERS)[number]; poison: Poison; batchMs: Spread }[]

/** Time of one batch of 50 from one client, clean and with one poisoned, in turn. */
export async function poisonTimes(
  stack: RealStack,
  load: Load,
  { loadRuns, loadMs }: Pick<Effort, 'loadRuns' | 'loadMs'>,
  storedLeads: number,
): Promise<PoisonTimes> {
  await fillTables(stack.owner, storedLeads)
  await stack.owner.query(REFUSE_BY_NAME)
  try {
    const found = CONTENDERS.flatMap((contender) =>
      POISONS.map((poison) => ({ contender, poison, latenciesMs: [] as number[] })),
    )
    for (let run = 0; run < loadRuns; run += 1) {
      for (const { contender, poison, latenciesMs } of found) {
        const result = await load.run({ contender, poison, batch: BATCH, clients: 1, durationMs: loadMs })
        latenciesMs.push(...result.latenciesMs)
      }
    }
    return found.map(({ latenciesMs, ...which }) => ({ ...which, batchMs: spreadOf(latenciesMs) }))
  } finally {
    await stack.owner.query(REFUSE_NO_MORE)
  }
}

/** What one lead that can never be stored costs the 49 that came with it. */
export async function measurePoison(stack: RealStack, load: Load, effort: Effort): Promise<Section> {
  const found = await poisonTimes(stack, load, effort, effort.storedLeads)
  return {
    title: 'One poisoned in 50',
    method:
      'Batches of 50 from one client. One in the middle is refused by the rules of its form, which is seen before anything is written, or by the database, which fails the statement that it stands in; the other 49 are stored in both cases. A trigger makes the database refuse; clean batches run under it too.',
    tables: [
      {
        title: 'Time of one batch',
        columns: ['', 'p50', 'p95', 'middle half', 'to clean'],
        rows: found.map(({ contender, poison, batchMs }) => [
          `${contender}: ${poison === 'none' ? 'clean' : `one ${poison}`}`,
          milliseconds(batchMs.p50),
          milliseconds(batchMs.p95),
          `${milliseconds(batchMs.p25)} – ${milliseconds(batchMs.p75)}`,
          times(batchMs.p50 / cleanMs(found, contender)),
        ]),
      },
    ],
    goals: [],
    remarks: [],
  }
}

export function cleanMs(found: PoisonTimes, contender: string): number {
  const clean = found.find((entry) => entry.contender === contender && entry.poison === 'none')
  return clean?.batchMs.p50 ?? Number.NaN
}
