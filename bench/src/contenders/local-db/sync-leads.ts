import type { LocalDb } from '@landfall/local-db'
import { LEADS_SHAPE_PATH } from './paths.ts'

/** Follows the shape of leads; resolves when all that the server has are in the database. */
export async function syncLeads(db: LocalDb): Promise<void> {
  const upToDate = new Promise<void>((resolve, reject) => {
    const stop = db.subscribeStatus(() => {
      const status = db.getStatus()
      if (status.phase === 'failed') reject(new Error(status.message))
      if (status.phase !== 'ready' || status.sync.leads !== 'up-to-date') return
      stop()
      resolve()
    })
  })
  db.configure([{ name: 'leads', url: LEADS_SHAPE_PATH, headers: {} }])
  await upToDate
}
