import { DEFAULT_RATE_LIMITS } from '@landfall/ingest'
import type { DrainContender } from '../contenders/device/contender-names.ts'
import { LeadStatement } from '../contenders/server/lead-statement.ts'
import { figure, milliseconds, times } from '../report/number.ts'
import type { Section, Table } from '../report/section.ts'
import { newDevice } from '../sample/device.ts'
import { sampleLeads } from '../sample/lead.ts'
import type { BenchSite } from '../stage/bench-site.ts'
import { onDevicePage } from '../stage/device-page.ts'
import type { RealStack } from '../stage/real-stack.ts'
import { emptyTables } from '../stage/tables.ts'
import type { Effort } from './effort.ts'
import { type Spread, spreadOf } from './spread.ts'

export type DrainTimes = Map<string, Spread>

const ON_THE_BARE_SERVER: DrainContender[] = [
  'landfall',
  'one by one, by hand',
  'workbox-background-sync',
  '@tanstack/offline-transactions',
]

/** A service worker of the bench cannot stand on the app's origin, so workbox is not among them. */
const ON_THE_REAL_APP: DrainContender[] = ['landfall', 'one by one, by hand', '@tanstack/offline-transactions']

/** Drains of a queue that was filled offline, in turn, each in a new browser. */
async function drainTimes(
  pageUrl: string,
  names: DrainContender[],
  { drains, queued }: Pick<Effort, 'drains' | 'queued'>,
  before: () => Promise<void> = async () => {},
): Promise<DrainTimes> {
  const samples = new Map(names.map((name) => [name, [] as number[]]))
  for (let run = 0; run < drains; run += 1) {
    for (const name of names) {
      await before()
      const options = { name, leads: queued }
      const elapsedMs = await onDevicePage(pageUrl, (page) =>
        page.evaluate((given) => globalThis.benchPage.fillAndDrain(given), options),
      )
      samples.get(name)?.push(elapsedMs)
    }
  }
  return new Map([...samples].map(([name, found]) => [name, spreadOf(found)]))
}

export const drainBareServer = (site: BenchSite, effort: Pick<Effort, 'drains' | 'queued'>): Promise<DrainTimes> =>
  drainTimes(site.pageUrl, ON_THE_BARE_SERVER, effort)

/** The app's own health route is an empty enough page on its origin. */
export async function drainRealApp(
  stack: RealStack,
  effort: Pick<Effort, 'drains' | 'queued'>,
  names = ON_THE_REAL_APP,
): Promise<DrainTimes> {
  return drainTimes(`${stack.origin}/api/health`, names, effort, () => emptyTables(stack.owner))
}

/** One statement that writes all of them as the engine would: no queue can be faster on this database. */
export async function bulkInsert(
  stack: RealStack,
  { drains, queued }: Pick<Effort, 'drains' | 'queued'>,
): Promise<Spread> {
  const statement = await LeadStatement.connect(stack.appDatabaseUrl, stack.tenantId)
  const samples: number[] = []
  try {
    for (let run = 0; run < drains; run += 1) {
      await emptyTables(stack.owner)
      const leads = sampleLeads(queued)
      const startMs = performance.now()
      await statement.insert('same effect', newDevice().clientId, leads)
      samples.push(performance.now() - startMs)
    }
  } finally {
    await statement.end()
  }
  return spreadOf(samples)
}

/** The network is back: how long until a full queue is empty. */
export async function measureDrain(site: BenchSite, stack: RealStack, effort: Effort): Promise<Section> {
  const bare = await drainBareServer(site, effort)
  const real = await drainRealApp(stack, effort)
  const floor = await bulkInsert(stack, effort)
  const ratio = (times: DrainTimes) => p50(times, 'one by one, by hand') / p50(times, 'landfall')
  const queued = figure(effort.queued)
  return {
    title: 'Drain after reconnect',
    method: `${queued} leads were queued offline; the time from "the network is back" to an empty queue, each time in a new browser. Ours sends batches of up to 100; the others send one lead a request, which is how they are made. All post the same envelope to the same server. "One by one, by hand" is the plainest loop over IndexedDB: read, post, delete strictly.`,
    tables: [
      drainTable(`${queued} leads to a bare server that answers at once`, bare, effort.queued),
      drainTable(
        `${queued} leads to the real app`,
        new Map([...real, ['one bulk insert through the driver (floor)', floor]]),
        effort.queued,
      ),
    ],
    goals: [bare, real].map((found, index) => ({
      goal: `ours at least 10× faster than one by one, ${index === 0 ? 'to the bare server' : 'to the real app'}`,
      found: times(ratio(found)),
      isMet: ratio(found) >= 10,
    })),
    remarks: [
      `The limits of the product are out of the way: with ${figure(DEFAULT_RATE_LIMITS.perDevice)} operations a minute for a device, whoever queued more waits for the next minute.`,
      'PGlite brings no delivery and is not in this table.',
      'workbox replays from its service worker, which cannot stand on the origin of the app; it is measured on the bare server only.',
      'workbox removes a request before it sends it and takes a 500 for success; offline-transactions deletes on a permanent failure. Neither pays here for what it does not keep.',
    ],
  }
}

const p50 = (times: DrainTimes, name: string): number => times.get(name)?.p50 ?? Number.NaN

function drainTable(title: string, found: DrainTimes, leads: number): Table {
  return {
    title,
    columns: ['', 'p50', 'p95', 'middle half', 'leads/s', 'to ours'],
    rows: [...found].map(([name, spread]) => [
      name,
      milliseconds(spread.p50),
      milliseconds(spread.p95),
      `${milliseconds(spread.p25)} – ${milliseconds(spread.p75)}`,
      figure((leads / spread.p50) * 1_000),
      times(spread.p50 / p50(found, 'landfall')),
    ]),
  }
}
