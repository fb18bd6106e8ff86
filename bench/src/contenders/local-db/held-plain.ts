import { CREATE_LEADS, LEADS_TABLE } from '../../sample/lead-row.ts'
import type { HeldDatabase, LeadRow, LiveView, StatusCount } from './held-database.ts'
import { LEADS_COPY_PATH } from './paths.ts'
import { openPlainPgliteWithLive } from './plain-pglite.ts'

const ALL = `SELECT * FROM ${LEADS_TABLE}`
const NEWEST = `${ALL} ORDER BY received_at DESC, id DESC LIMIT 100`

const LIVE: Record<LiveView, string> = {
  'newest 100': NEWEST,
  'count by status': `SELECT status, count(*)::int AS leads FROM ${LEADS_TABLE} GROUP BY status`,
  'all rows': ALL,
}

/** PGlite by itself with one table, filled by one COPY, and the index that the newest want. */
export async function openHeldPlain(): Promise<HeldDatabase> {
  const pg = await openPlainPgliteWithLive()
  await pg.exec(CREATE_LEADS)
  const blob = await (await fetch(LEADS_COPY_PATH)).blob()
  await pg.query(`COPY ${LEADS_TABLE} FROM '/dev/blob'`, [], { blob })
  await pg.exec(`CREATE INDEX ON ${LEADS_TABLE} (received_at, id)`)
  return {
    newestIds: async () => (await pg.query<{ id: string }>(NEWEST)).rows.map(({ id }) => id),
    async show(view, onRows) {
      const { unsubscribe } = await pg.live.query<LeadRow | StatusCount>(LIVE[view], [], ({ rows }) => onRows(rows))
      return () => void unsubscribe()
    },
    async change(id, status) {
      await pg.query(`UPDATE ${LEADS_TABLE} SET status = $1 WHERE id = $2`, [status, id])
    },
    settle: async () => {},
  }
}
