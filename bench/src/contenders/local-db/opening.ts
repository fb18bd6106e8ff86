import { leads } from '@landfall/local-db/tables'
import { CREATE_LEADS, LEADS_TABLE } from '../../sample/lead-row.ts'
import type { OpeningContender } from './contender-names.ts'
import { openLandfall } from './landfall.ts'
import { openPlainPglite } from './plain-pglite.ts'

/** Milliseconds until the rows of a first query are there, which makes the tables where there are none. */
export const OPEN: Record<OpeningContender, () => Promise<number>> = {
  async landfall() {
    const startMs = performance.now()
    const { db } = await openLandfall()
    await db.drizzle.select().from(leads).limit(100)
    return performance.now() - startMs
  },
  async 'PGlite on idb'() {
    const startMs = performance.now()
    const database = await openPlainPglite()
    await database.exec(CREATE_LEADS.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'))
    await database.query(`SELECT * FROM ${LEADS_TABLE} LIMIT 100`)
    return performance.now() - startMs
  },
}
