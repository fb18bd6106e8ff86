import type { PGlite } from '@electric-sql/pglite'
import { UnusableDatabaseError } from './unusable-database.ts'

/**
 * Writes into a new database whose it is, and refuses one of somebody else. The name of its directory says so too, but
 * names can be restored from a backup, copied by a tool or mixed up by a bug, and tenants must never be.
 *
 * @throws UnusableDatabaseError
 */
export async function claimForOwner(pg: PGlite, owner: string): Promise<void> {
  const { rows } = await pg.query<{ owner: string }>('SELECT owner FROM local_owner')
  const [held] = rows
  if (!held) await pg.query('INSERT INTO local_owner (owner) VALUES ($1)', [owner])
  else if (held.owner !== owner) throw new UnusableDatabaseError('other-owner', 'its data belongs to another owner')
}
