import type { ServerContender } from '../contenders/server/server-contender.ts'
import { figure, milliseconds, times } from '../report/number.ts'
import type { Section, Table } from '../report/section.ts'
import type { BenchSite } from '../stage/bench-site.ts'
import type { Load } from '../stage/load.ts'
import type { RealStack } from '../stage/real-stack.ts'
import { fillTables } from '../stage/tables.ts'
import { bulkInsert, drainBareServer, drainRealApp } from './drain.ts'
import type { Effort } from './effort.ts'
import { GROWTH, type Grown, isSuperlinear, pair, TOLERANCE } from './grown.ts'
import { throughputs } from './ingest.ts'
import { poisonTimes } from './poison.ts'
import type { Spread } from './spread.ts'
import { saveTimes } from './submit.ts'

const DRAIN_ONCE = 1
const INGESTED: readonly ServerContender[] = ['landfall over HTTP', 'landfall, engine alone', 'bare statement']

/** All of it again with ten times as much waiting or stored. */
export async function measureGrowth(site: BenchSite, stack: RealStack, load: Load, effort: Effort): Promise<Section> {
  const groups = [
    {
      title: `Saving one lead while ${sizes(effort.queued)} wait`,
      grown: await save(site, effort),
    },
    { title: `Draining ${sizes(effort.queued)} leads`, grown: await drain(site, stack, effort) },
    {
      title: `Ingesting 50 × 8 clients with ${sizes(effort.storedLeads)} leads stored, time of one batch`,
      grown: await ingest(stack, load, effort),
    },
    {
      title: `One poisoned in 50 with ${sizes(effort.storedLeads)} leads stored, time of one batch`,
      grown: await poison(stack, load, effort),
    },
  ]
  const ours = groups.flatMap(({ title, grown }) =>
    grown.filter(({ what }) => what.startsWith('landfall')).map((entry) => ({ title, ...entry })),
  )
  const superlinear = ours.filter(isSuperlinear)
  return {
    title: `Growth: the same at ${GROWTH}×`,
    method: `Everything above with ${GROWTH} times as much. What does ${GROWTH} times the work may take ${GROWTH} times as long, and what does the same work may take as long as before; beyond that, with ${Math.round((TOLERANCE - 1) * 100)} % for noise, it is called superlinear. Drains are single runs.`,
    tables: groups.map(({ title, grown }) => growthTable(title, grown)),
    goals: [
      {
        goal: 'nothing of ours is superlinear',
        found:
          superlinear.length === 0
            ? 'nothing is'
            : superlinear.map(({ title, what, base, grown }) => `${title}, ${what}: ${times(grown / base)}`).join('; '),
        isMet: superlinear.length === 0,
      },
    ],
    remarks: [],
  }
}

const sizes = (base: number): string => `${figure(base)} → ${figure(base * GROWTH)}`

function growthTable(title: string, grown: readonly Grown[]): Table {
  return {
    title,
    columns: ['', '1×', `${GROWTH}×`, 'ratio', 'more work by', 'grows'],
    rows: grown.map((entry) => [
      entry.what,
      milliseconds(entry.base),
      milliseconds(entry.grown),
      times(entry.grown / entry.base),
      `${entry.work}×`,
      isSuperlinear(entry) ? 'superlinear' : 'as the work',
    ]),
  }
}

const median = (spread: Spread): number => spread.p50

async function save(site: BenchSite, effort: Effort): Promise<Grown[]> {
  const rounds = { saveRounds: effort.grownSaveRounds, saveWarmUp: effort.saveWarmUp }
  const base = await saveTimes(site, rounds, effort.queued)
  const grown = await saveTimes(site, rounds, effort.queued * GROWTH)
  return pair(base, grown, median, 1)
}

async function drain(site: BenchSite, stack: RealStack, { queued }: Effort): Promise<Grown[]> {
  const at = async (leads: number) => {
    const effort = { drains: DRAIN_ONCE, queued: leads }
    const real = await drainRealApp(stack, effort, ['landfall'])
    return new Map([
      ...(await drainBareServer(site, effort)),
      ...[...real].map(([name, spread]) => [`${name}, to the real app`, spread] as const),
      ['one bulk insert through the driver', await bulkInsert(stack, effort)] as const,
    ])
  }
  return pair(await at(queued), await at(queued * GROWTH), median, GROWTH)
}

async function ingest(stack: RealStack, load: Load, effort: Effort): Promise<Grown[]> {
  const at = async (storedLeads: number) => {
    await fillTables(stack.owner, storedLeads)
    return throughputs(load, INGESTED, { batch: 50, clients: 8 }, effort)
  }
  const base = await at(effort.storedLeads)
  const grown = await at(effort.storedLeads * GROWTH)
  return pair(base, grown, ({ latencyMs }) => latencyMs.p50, 1)
}

async function poison(stack: RealStack, load: Load, effort: Effort): Promise<Grown[]> {
  const at = async (storedLeads: number) => {
    const found = await poisonTimes(stack, load, effort, storedLeads)
    return new Map(
      found
        .filter((entry) => entry.poison !== 'none')
        .map((entry) => [`${entry.contender}: one ${entry.poison}`, entry.batchMs]),
    )
  }
  return pair(await at(effort.storedLeads), await at(effort.storedLeads * GROWTH), median, 1)
}
