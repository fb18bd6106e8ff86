import { PGlite } from '@electric-sql/pglite'
import { electricSync } from '@electric-sql/pglite-sync'
import { IMAGE_STAMP_FILE } from '../protocol/image-stamp.ts'

/**
 * A data directory that the browser only has to unpack. Small WAL segments and no template databases: each file of it is
 * one record in IndexedDB, and 16 MB of empty WAL would be written there too.
 */
export async function buildSeed(schemaSql: string, imageId: string): Promise<Uint8Array> {
  const pg = await PGlite.create({
    initDbStartParams: ['--wal-segsize=1'],
    extensions: { sync: electricSync() },
  })
  await pg.exec(schemaSql)
  await pg.sync.initMetadataTables()
  await pg.exec(`UPDATE pg_database SET datistemplate = false WHERE datname IN ('template0', 'template1')`)
  await pg.exec('DROP DATABASE template0')
  await pg.exec('DROP DATABASE template1')
  await pg.exec('VACUUM FREEZE ANALYZE')
  await pg.exec('CHECKPOINT')
  pg.Module.FS.writeFile(`${PGlite.paths.PGDATA}/${IMAGE_STAMP_FILE}`, imageId)
  const dump = await pg.dumpDataDir('none')
  await pg.close()
  return new Uint8Array(await dump.arrayBuffer())
}
