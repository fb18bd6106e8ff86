import type { PGlite } from '@electric-sql/pglite'
import type { DeviceQueue } from './device-queue.ts'

/** Where the site of the bench serves the package as it was published. */
export const PGLITE_PATH = '/pglite/'

/** PGlite on IndexedDB with its defaults: an INSERT resolves when its files are flushed. */
export async function openPglite(): Promise<DeviceQueue> {
  const module: { PGlite: typeof PGlite } = await import(/* @vite-ignore */ `${PGLITE_PATH}index.js`)
  const database = await module.PGlite.create('idb://bench')
  await database.exec('CREATE TABLE IF NOT EXISTS leads (op_id uuid PRIMARY KEY, operation jsonb NOT NULL)')
  return {
    async save(lead) {
      const startMs = performance.now()
      await database.query('INSERT INTO leads VALUES ($1, $2)', [lead.opId, lead])
      return performance.now() - startMs
    },
    settle: async () => {},
    async fill(leads) {
      await database.query('INSERT INTO leads SELECT (lead->>$2)::uuid, lead FROM jsonb_array_elements($1) AS lead', [
        leads,
        'opId',
      ])
    },
  }
}
