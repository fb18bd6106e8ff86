import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningPostgres, startPostgres } from '@landfall/embedded-postgres'
import pg from 'pg'
import { CREATE_SYNCED, SYNCED_TABLE } from '../sample/synced-row.ts'
import type { BareFanOutTasks } from './children/bare-fan-out.ts'
import { type Child, startChild } from './children/child.ts'
import type { LiveClientsTasks } from './children/live-clients.ts'
import type { ShapeServerTasks } from './children/shape-server.ts'

export const CHANNEL = 'bench_commits'

/** A shape server in a process of its own. */
export interface BenchShapeServer {
  child: Child<ShapeServerTasks>
  /** Address of a shape: the whole table, or what one tenant has. */
  shapeUrl(tenant?: number): string
  stop(): Promise<void>
}

/** Postgres with a table of synced rows, and what follows it, each in its own process. */
export interface ShapeStage {
  databaseUrl: string
  owner: pg.Client
  clients: Child<LiveClientsTasks>
  bareFanOut: Child<BareFanOutTasks>
  /** A fresh one, that has no shape. */
  startServer(): Promise<BenchShapeServer>
  close(): Promise<void>
}

const script = (name: string) => new URL(`./children/${name}.ts`, import.meta.url)

/** Postgres as durable as in production; nothing else of the product runs. */
export async function startShapeStage(): Promise<ShapeStage> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-bench-shapes-'))
  let postgres: RunningPostgres | undefined
  let owner: pg.Client | undefined
  const children: { stop(): Promise<void> }[] = []
  const start = <T extends { stop(): Promise<void> }>(child: T): T => {
    children.push(child)
    return child
  }
  const close = async () => {
    for (const child of children.toReversed()) await child.stop()
    await owner?.end()
    await postgres?.stop()
    if (postgres) await rm(postgres.dataDir, { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
  try {
    postgres = await startPostgres({ dataDir: join(folder, 'postgres') })
    const databaseUrl = postgres.url()
    owner = new pg.Client({ connectionString: databaseUrl })
    await owner.connect()
    await owner.query(CREATE_SYNCED)
    let servers = 0
    const clients = start(startChild<LiveClientsTasks>(script('live-clients'), null))
    return {
      databaseUrl,
      owner,
      clients,
      bareFanOut: start(startChild<BareFanOutTasks>(script('bare-fan-out'), { databaseUrl, channel: CHANNEL })),
      async startServer() {
        servers += 1
        const storageDir = join(folder, `shapes-${servers}`)
        const options = { databaseUrl, storageDir, allowShapeDeletion: true, maxShapes: 10_000 }
        const child = start(startChild<ShapeServerTasks>(script('shape-server'), options))
        const url = await child.ask('url', null)
        return {
          child,
          shapeUrl: (tenant) => {
            const query = new URLSearchParams({ table: SYNCED_TABLE })
            if (tenant !== undefined) {
              query.set('where', 'tenant_id = $1')
              query.set('params[1]', String(tenant))
            }
            return `${url}/v1/shape?${query}`
          },
          async stop() {
            // Nobody follows a server that is gone.
            await clients.ask('follow', { urls: [], transport: 'long-poll' })
            await child.stop()
            await rm(storageDir, { recursive: true, force: true })
          },
        }
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
