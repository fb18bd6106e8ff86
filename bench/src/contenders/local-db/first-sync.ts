import { electricSync } from '@electric-sql/pglite-sync'
import { leads } from '@landfall/local-db/tables'
import { CREATE_LEADS, LEADS_TABLE } from '../../sample/lead-row.ts'
import type { SyncContender } from './contender-names.ts'
import { openLandfall } from './landfall.ts'
import { LEADS_COPY_PATH, LEADS_SHAPE_PATH } from './paths.ts'
import { openPlainPglite } from './plain-pglite.ts'
import { syncLeads } from './sync-leads.ts'

export interface FirstSync {
  rows: number
  elapsedMs: number
  /** Of the floor: the part of it that was the download. */
  downloadMs?: number
}

/** From the first request until all leads are in the database and on disk; it is open already, and the table empty. */
export const FIRST_SYNC: Record<SyncContender, () => Promise<FirstSync>> = {
  async 'bare download + one COPY'() {
    const pg = await openPlainPglite()
    await pg.exec(CREATE_LEADS)
    // Made by Postgres beforehand: whoever turns the answers into it has more to do than the least.
    const blob = await (await fetch(LEADS_COPY_PATH)).blob()
    const startMs = performance.now()
    await downloadShape()
    const downloadMs = performance.now() - startMs
    await pg.query(`COPY ${LEADS_TABLE} FROM '/dev/blob'`, [], { blob })
    const elapsedMs = performance.now() - startMs
    return { rows: await countRows(pg), elapsedMs, downloadMs }
  },
  async landfall() {
    const { db } = await openLandfall()
    const startMs = performance.now()
    await syncLeads(db)
    const elapsedMs = performance.now() - startMs
    return { rows: await db.drizzle.$count(leads), elapsedMs }
  },
  async 'pglite-sync, csv'() {
    const pg = await openPlainPglite({ electric: electricSync() })
    await pg.exec(CREATE_LEADS)
    const { electric } = pg as typeof pg & { electric: ElectricNamespace }
    await electric.initMetadataTables()
    const startMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      electric
        .syncShapeToTable({
          shape: {
            url: new URL(LEADS_SHAPE_PATH, location.href).href,
            // Its COPY writes an object as "[object Object]".
            parser: { jsonb: (text) => text },
          },
          shapeKey: LEADS_TABLE,
          table: LEADS_TABLE,
          primaryKey: ['id'],
          initialInsertMethod: 'csv',
          onInitialSync: resolve,
          onError: reject,
        })
        .catch(reject)
    })
    // A transaction of PGlite ends before its files are flushed.
    await pg.syncToFs()
    const elapsedMs = performance.now() - startMs
    return { rows: await countRows(pg), elapsedMs }
  },
}

type ElectricNamespace = Awaited<ReturnType<ReturnType<typeof electricSync>['setup']>>['namespaceObj']

/** All answers up to the end of the log, as text that nobody parses. */
async function downloadShape(): Promise<void> {
  for (let [position, isBehind] = ['offset=-1', true]; isBehind; ) {
    const response = await fetch(`${LEADS_SHAPE_PATH}?${position}`)
    if (!response.ok) throw new Error(`the shape server answered ${response.status}`)
    await response.text()
    const { headers } = response
    isBehind = position === 'offset=-1' || !headers.has('electric-up-to-date')
    position = `handle=${headers.get('electric-handle')}&offset=${headers.get('electric-offset')}`
  }
}

async function countRows(pg: { query<Row>(sql: string): Promise<{ rows: Row[] }> }): Promise<number> {
  const { rows } = await pg.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${LEADS_TABLE}`)
  return rows[0]?.rows ?? 0
}
