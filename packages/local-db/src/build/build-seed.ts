import { PGlite } from '@electric-sql/pglite'
import { ENGINE_STAMP_FILE } from '../protocol/engine-stamp.ts'
import type { Migration } from '../schema/chain/migration.ts'
import { buildSchema } from './migrations/build-schema.ts'

export interface Seed {
  image: Uint8Array
  /** Which engine can open it: PGlite's version and Postgres' major. Stands in the image as a file of its own. */
  engineId: string
}

/**
 * A data directory that the browser only has to unpack, with the schema that the chain leads to. Small WAL segments and no
 * template databases: each file of it is one record in IndexedDB, and 16 MB of empty WAL would be written there too.
 */
export async function buildSeed(chain: readonly Migration[], pgliteVersion: string): Promise<Seed> {
  const pg = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] })
  await buildSchema(pg, chain)
  await pg.exec(`UPDATE pg_database SET datistemplate = false WHERE datname IN ('template0', 'template1')`)
  await pg.exec('DROP DATABASE template0')
  await pg.exec('DROP DATABASE template1')
  await pg.exec('VACUUM FREEZE ANALYZE')
  await pg.exec('CHECKPOINT')
  const engineId = `pglite-${pgliteVersion}-postgres-${await postgresMajor(pg)}`
  pg.Module.FS.writeFile(`${PGlite.paths.PGDATA}/${ENGINE_STAMP_FILE}`, engineId)
  const dump = await pg.dumpDataDir('none')
  await pg.close()
  return { image: new Uint8Array(await dump.arrayBuffer()), engineId }
}

async function postgresMajor(pg: PGlite): Promise<number> {
  const { rows } = await pg.query<{ major: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  )
  const major = rows[0]?.major
  if (major === undefined) throw new Error('Postgres does not say its version')
  return major
}
