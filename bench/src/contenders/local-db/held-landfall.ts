import type { LiveQuery } from '@landfall/local-db'
import { leads } from '@landfall/local-db/tables'
import { count, desc, eq } from 'drizzle-orm'
import type { HeldDatabase, LeadRow, LiveView, StatusCount } from './held-database.ts'
import { openLandfall } from './landfall.ts'
import { syncLeads } from './sync-leads.ts'

/** Our own, filled from the shape, its leads changed through the view. */
export async function openHeldLandfall(): Promise<HeldDatabase> {
  const { db, outbox } = await openLandfall()
  await syncLeads(db)
  const all = () => db.drizzle.select().from(leads)
  // The order of the board.
  const newest = () => all().orderBy(desc(leads.receivedAt), desc(leads.id)).limit(100)
  const live: Record<LiveView, () => LiveQuery<LeadRow> | LiveQuery<StatusCount>> = {
    'newest 100': () => db.live(newest()),
    'count by status': () =>
      db.live(db.drizzle.select({ status: leads.status, leads: count() }).from(leads).groupBy(leads.status)),
    'all rows': () => db.live(all()),
  }
  return {
    newestIds: async () => (await newest()).map(({ id }) => id),
    async show(view, onRows) {
      const query = live[view]()
      let stop = () => {}
      await new Promise<void>((resolve) => {
        stop = query.subscribe(() => {
          const { rows } = query.getState()
          if (!rows) return
          onRows(rows)
          resolve()
        })
      })
      return stop
    },
    async change(id, status) {
      await db.write((tx) => tx.update(leads).set({ status }).where(eq(leads.id, id)), { mode: 'optimistic' })
    },
    async settle() {
      await outbox.flush()
      // Stands behind what is still being done.
      await db.drizzle.select().from(leads).limit(1)
    },
  }
}
