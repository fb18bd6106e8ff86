import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { SYNC_CONTENDERS, type SyncContender } from '../../contenders/local-db/contender-names.ts'
import { LEADS_SHAPE_PATH } from '../../contenders/local-db/paths.ts'
import { readOverHttp } from '../../contenders/shapes/initial-sync.ts'
import { figure, times } from '../../report/number.ts'
import type { Goal, Section, Table } from '../../report/section.ts'
import { fillLeads, LEADS_TABLE } from '../../sample/lead-row.ts'
import { withBrowser } from '../../stage/local-db-browser.ts'
import type { LocalDbSite } from '../../stage/local-db-site.ts'
import type { ShapeStage } from '../../stage/shape-stage.ts'
import type { Effort } from '../effort.ts'
import { megabytes } from '../shapes/memory.ts'
import { spreadOf } from '../spread.ts'
import { inTurns, spreadCells } from './trials.ts'

const FLOOR = 'bare download + one COPY'
const GOAL = 1.5

/** How long until a device has so many leads, from a shape whose snapshot is there. */
export async function measureFirstSync(site: LocalDbSite, stage: ShapeStage, effort: Effort): Promise<Section> {
  const tables: Table[] = []
  const goals: Goal[] = []
  for (const { leads, runs } of effort.firstSyncs) {
    const { table, toFloor } = await withLeads(site, stage, leads, (bytes) => syncOften(site, leads, runs, bytes))
    tables.push(table)
    goals.push({
      goal: `${leads.toLocaleString('en')} leads: ours at most ${GOAL}× the floor`,
      found: times(toFloor),
      isMet: toFloor <= GOAL,
    })
  }
  return {
    title: 'Local database: first sync',
    method:
      'Leads of a good kilobyte each, from the first request until all of them are in the database and on disk, each time in a new profile with a database that is open already and empty. The shape server has its snapshot made, and all read it through the same proxy. The floor fetches the answers as text, which it does not parse, and adds the rows by one COPY to a table without triggers and with no index but its key; the text of that COPY was made by Postgres and is there before the clock starts. Ours parses, turns the rows into the text of COPY, and stores each answer with its place in the log in one transaction of the worker. pglite-sync runs in the page with `initialInsertMethod: csv`.',
    tables,
    goals,
    remarks: [
      'pglite-sync is given a parser that leaves jsonb as text: its COPY would write objects as "[object Object]". It is timed until its `onInitialSync` and the flush that its last transaction leaves out.',
    ],
  }
}

/** Fills the table on the server, has its snapshot made, and serves it to devices; `work` gets the bytes of its answers. */
export async function withLeads<T>(
  site: LocalDbSite,
  stage: ShapeStage,
  leads: number,
  work: (bytes: number) => Promise<T>,
): Promise<T> {
  await fillLeads(stage.owner, leads)
  const server = await stage.startServer()
  try {
    site.source = { shapeServerUrl: new URL(server.shapeUrl()).origin, copyText: await copyText(stage.databaseUrl) }
    // The first to ask has the snapshot made.
    const { bytes, rows } = await readOverHttp(`${site.origin}${LEADS_SHAPE_PATH}?`)
    if (rows !== leads) throw new Error(`the shape has ${rows} leads instead of ${leads}`)
    return await work(bytes)
  } finally {
    site.source = undefined
    await server.stop()
  }
}

async function copyText(databaseUrl: string): Promise<Buffer> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const chunks: Buffer[] = []
    for await (const chunk of client.query(copyTo(`COPY ${LEADS_TABLE} TO STDOUT`)) as AsyncIterable<Buffer>) {
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    await client.end()
  }
}

async function syncOften(site: LocalDbSite, leads: number, runs: number, bytes: number) {
  const found = await inTurns(SYNC_CONTENDERS, runs, (name) =>
    withBrowser(site.origin, async (browser) => {
      const page = await browser.openTab()
      const synced = await page.evaluate((given) => globalThis.localDbPage.firstSync(given), name)
      if (synced.rows !== leads) throw new Error(`${name}: ${synced.rows} leads came instead of ${leads}`)
      return synced
    }),
  )
  const spread = (name: SyncContender) => spreadOf(found[name].map(({ elapsedMs }) => elapsedMs))
  const floorMs = spread(FLOOR).p50
  const downloadMs = spreadOf(found[FLOOR].map((run) => run.downloadMs ?? Number.NaN)).p50
  return {
    toFloor: spread('landfall').p50 / floorMs,
    table: {
      title: `${leads.toLocaleString('en')} leads, ${megabytes(bytes)} of answers, ${runs} runs`,
      columns: ['', 'p50', 'p95', 'middle half', 'leads/s', 'to the floor'],
      rows: SYNC_CONTENDERS.map((name) => [
        name === FLOOR ? `${name} (download: ${figure(downloadMs)} ms)` : name,
        ...spreadCells(spread(name)),
        figure((leads / spread(name).p50) * 1_000),
        times(spread(name).p50 / floorMs),
      ]),
    },
  }
}
