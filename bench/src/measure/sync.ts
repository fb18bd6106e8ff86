import pg from 'pg'
import {
  copyRows,
  forgetShape,
  type InitialSync,
  readOverHttp,
  readWithClient,
} from '../contenders/shapes/initial-sync.ts'
import { figure, milliseconds, percent, times } from '../report/number.ts'
import type { Section } from '../report/section.ts'
import { fillSynced } from '../sample/synced-row.ts'
import type { ShapeStage } from '../stage/shape-stage.ts'
import type { Effort } from './effort.ts'
import { spreadOf } from './spread.ts'

const FLOOR = 'bare COPY … row_to_json'
const COLD = 'shape server, snapshot made'
const WARM = 'shape server, snapshot there'
const CLIENT = '@electric-sql/client, snapshot there'
const TENANTS = 1_000
/** Each of the first runs loads code, and files into the cache of the disk. */
const WARM_UP_RUNS = 1

/** The first sync of a large shape: how long until all of it is there. */
export async function measureSync(stage: ShapeStage, effort: Effort): Promise<Section> {
  await fillSynced(stage.owner, effort.syncRows, TENANTS)
  const server = await stage.startServer()
  const reader = new pg.Client({ connectionString: stage.databaseUrl })
  await reader.connect()
  const url = server.shapeUrl()
  const contenders: Record<string, () => Promise<Omit<InitialSync, 'bytes'> & { bytes?: number }>> = {
    [FLOOR]: () => copyRows(reader),
    [COLD]: async () => {
      await forgetShape(url)
      return readOverHttp(url)
    },
    [WARM]: () => readOverHttp(url),
    [CLIENT]: () => readWithClient(url),
  }
  const names = Object.keys(contenders)
  const elapsed = new Map(names.map((name) => [name, [] as number[]]))
  const ratios = new Map(names.map((name) => [name, [] as number[]]))
  const sizes = new Map<string, number>()
  try {
    for (let run = -WARM_UP_RUNS; run < effort.syncRuns; run += 1) {
      let floorMs = Number.NaN
      for (const [name, sync] of Object.entries(contenders)) {
        const { rows, bytes, elapsedMs } = await sync()
        if (rows !== effort.syncRows) throw new Error(`${name}: ${rows} rows came instead of ${effort.syncRows}`)
        if (bytes !== undefined) sizes.set(name, bytes)
        if (name === FLOOR) floorMs = elapsedMs
        if (run < 0) continue
        elapsed.get(name)?.push(elapsedMs)
        ratios.get(name)?.push(elapsedMs / floorMs)
      }
    }
  } finally {
    await reader.end()
    await server.stop()
  }
  const payloadMegabytes = (sizes.get(FLOOR) ?? Number.NaN) / 1e6
  const shareOf = (name: string) => 1 / spreadOf(ratios.get(name) ?? []).p50
  return {
    title: 'Initial sync',
    method: `${figure(effort.syncRows)} rows of one table, from the first request until all of them have come. Everybody takes turns in each of ${effort.syncRuns} runs, after ${WARM_UP_RUNS} that nobody counts. Megabytes a second count the same for all: those of the rows as \`row_to_json\` prints them, ${figure(payloadMegabytes)} MB in all. The answers of the shape server are larger, because each row has its key and headers. The floor is the same statement of Postgres through the same driver, in the process that measures; it parses nothing.`,
    tables: [
      {
        title: `${figure(effort.syncRows)} rows`,
        columns: ['', 'p50', 'middle half', 'MB/s', 'rows/s', 'sent', 'time to the floor', 'middle half of that'],
        rows: names.map((name) => {
          const time = spreadOf(elapsed.get(name) ?? [])
          const ratio = spreadOf(ratios.get(name) ?? [])
          const size = sizes.get(name)
          return [
            name,
            milliseconds(time.p50),
            `${milliseconds(time.p25)} – ${milliseconds(time.p75)}`,
            figure((payloadMegabytes / time.p50) * 1_000),
            figure((effort.syncRows / time.p50) * 1_000),
            size === undefined ? '' : `${figure(size / 1e6)} MB`,
            times(ratio.p50),
            `${times(ratio.p25)} – ${times(ratio.p75)}`,
          ]
        }),
      },
    ],
    goals: [COLD, WARM].map((name) => ({
      goal: `${name}: at least 50 % of the MB/s of the bare COPY`,
      found: percent(shareOf(name)),
      isMet: shareOf(name) >= 0.5,
    })),
    remarks: ['The client parses each value by its type and puts the rows into a map; the others only read.'],
  }
}
