import { milliseconds, times } from '../report/number.ts'
import type { Section } from '../report/section.ts'
import { fillSynced, insertMarked, insertNotified } from '../sample/synced-row.ts'
import type { Transport } from '../stage/children/live-client.ts'
import { type BenchShapeServer, CHANNEL, type ShapeStage } from '../stage/shape-stage.ts'
import type { Effort } from './effort.ts'
import { type Spread, spreadOf } from './spread.ts'

const ROWS = 1_000
/** So many commits are not counted: connections and code are warm then. */
export const WARM_UP_COMMITS = 5

const NOTIFY = 'LISTEN/NOTIFY, one connection'
const FAN_OUT = 'bare HTTP fan-out on NOTIFY'

/** Milliseconds from the statement that commits until it is with each of the clients, one commit after the other. */
export async function latencies(
  stage: ShapeStage,
  commits: number,
  clients: number,
  commit: (index: number) => Promise<string>,
): Promise<Spread> {
  const samples: number[] = []
  for (let index = -WARM_UP_COMMITS; index < commits; index += 1) {
    const arrived = await stage.clients.ask('arrivals', { mark: await commit(Math.abs(index)), clients })
    if (index >= 0) samples.push(...arrived)
  }
  return spreadOf(samples)
}

/** From commit to client, by number of clients and of shapes. */
export async function measureLive(stage: ShapeStage, effort: Effort): Promise<Section> {
  await fillSynced(stage.owner, ROWS, effort.liveShapes)
  const { liveCommits: commits, liveClients, liveShapes } = effort
  const floors = await measureFloors(stage, effort)
  const found: { name: string; spread: Spread; floorMs: number }[] = []
  const add = (name: string, clients: number, spread: Spread) =>
    found.push({ name, spread, floorMs: floors.get(clients)?.p50 ?? Number.NaN })

  const server = await stage.startServer()
  try {
    const follow = (urls: string[], transport: Transport = 'long-poll') =>
      stage.clients.ask('follow', { urls, transport })
    for (const clients of liveClients) {
      await follow(repeated(server.shapeUrl(), clients))
      add(
        `1 shape, ${plural(clients)}`,
        clients,
        await latencies(stage, commits, clients, () => insertMarked(stage.owner, 1)),
      )
    }
    const [, some = 1] = liveClients
    await follow(repeated(server.shapeUrl(), some), 'events')
    const overEvents = await latencies(stage, commits, some, () => insertMarked(stage.owner, 1))
    add(`1 shape, ${plural(some)} over server-sent events`, some, overEvents)

    await stage.clients.ask('create', { urls: tenantUrls(server, liveShapes) })
    for (const clients of liveClients) {
      await follow(tenantUrls(server, Math.min(clients, liveShapes)))
      const spread = await latencies(stage, commits, 1, (index) => insertMarked(stage.owner, 1 + (index % clients)))
      // One client gets each commit, so the floor is that of one.
      add(`${liveShapes} shapes, ${plural(clients)}`, 1, spread)
    }
  } finally {
    await server.stop()
  }
  return {
    title: 'Commit → client',
    method: `From sending the statement that commits one row until the whole answer is with the client; clients are plain HTTP requests with connections that are kept open, all in one process that only looks for the mark of the row. The next row is committed when all clients wait again, ${commits} in all. Over one shape each commit goes to all clients; over ${liveShapes} shapes, one a tenant, to the one client of the tenant that is written to. Two floors: Postgres telling one connection by NOTIFY, which costs no decoding, no log and no HTTP; and a bare HTTP server that holds the same requests of the same clients and answers them when NOTIFY comes.`,
    tables: [
      {
        title: 'Floors',
        columns: ['', 'p50', 'p95', 'middle half'],
        rows: [...floors].map(([clients, spread]) => [
          clients === 0 ? NOTIFY : `${FAN_OUT}, ${plural(clients)}`,
          ...cells(spread),
        ]),
      },
      {
        title: 'Shape server',
        columns: ['', 'p50', 'p95', 'middle half', 'p50 to the fan-out'],
        rows: found.map(({ name, spread, floorMs }) => [name, ...cells(spread), times(spread.p50 / floorMs)]),
      },
    ],
    goals: [],
    remarks: [
      'With many clients most of the time is spent in the process of the clients and in the kernel, which is why the fan-out has the same clients.',
    ],
  }
}

/** By number of clients; 0 is the connection that listens. */
async function measureFloors(stage: ShapeStage, { liveCommits, liveClients }: Effort): Promise<Map<number, Spread>> {
  const commit = () => insertNotified(stage.owner, CHANNEL)
  const floors = new Map<number, Spread>()
  const url = await stage.bareFanOut.ask('url', null)
  for (const clients of new Set([1, ...liveClients])) {
    await stage.clients.ask('follow', { urls: repeated(`${url}/?`, clients), transport: 'long-poll' })
    floors.set(clients, await latencies(stage, liveCommits, clients, commit))
  }
  await stage.clients.ask('listen', { databaseUrl: stage.databaseUrl, channel: CHANNEL })
  return new Map([[0, await latencies(stage, liveCommits, 1, commit)], ...floors])
}

const repeated = (url: string, clients: number): string[] => Array.from({ length: clients }, () => url)

/** The shapes of the first tenants. */
export const tenantUrls = (server: BenchShapeServer, tenants: number): string[] =>
  Array.from({ length: tenants }, (_, index) => server.shapeUrl(index + 1))

const plural = (clients: number) => (clients === 1 ? '1 client' : `${clients.toLocaleString('en')} clients`)

const cells = ({ p25, p50, p75, p95 }: Spread) => [
  milliseconds(p50),
  milliseconds(p95),
  `${milliseconds(p25)} – ${milliseconds(p75)}`,
]
