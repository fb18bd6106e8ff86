import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type { DatabaseNames } from '../protocol/database-names.ts'
import { type Engine, loadEngine, loadSeed } from './engine.ts'
import { flushPerStatement } from './flush-per-statement.ts'
import { reportSqlStates } from './report-sql-states.ts'
import { rollBackAbandoned } from './roll-back-abandoned.ts'
import { START_PARAMS } from './start-params.ts'
import { deleteStoredDatabase, probeStoredDatabase } from './stored-database.ts'
import type { WorkerAssets } from './worker-assets.ts'

export interface OpenedDatabase {
  pg: PGlite
  isRebuilt: boolean
}

/** Touches every table, so that a database that opens but can't be read counts as broken now and not in a live query. */
const SMOKE_SQL = 'SELECT FROM enquiries LIMIT 1; SELECT FROM leads LIMIT 1; SELECT FROM reconciled_revision'

/**
 * Opens the tenant's database:
 *
 *   nothing stored ─────────────────────────────► unpack the seed
 *   stored by this build ─► open ─► readable ───► done
 *                             └───► throws ─────► delete, unpack the seed (rebuilt)
 *   stored by another build, or half ───────────► delete, unpack the seed (rebuilt)
 *
 * Throwing it away loses nothing: the outbox holds what was not sent, the shapes bring the rest again.
 */
export async function openDatabase(
  names: DatabaseNames,
  assets: WorkerAssets,
  baseUrl: string,
): Promise<OpenedDatabase> {
  const { indexedDbName } = names
  // Before anything is judged or deleted: a network failure must not look like a broken database.
  const [engine, stored] = await Promise.all([loadEngine(assets, baseUrl), probeStoredDatabase(indexedDbName)])
  if (stored.kind === 'present' && stored.imageId === assets.imageId) {
    try {
      return { pg: await start(names, engine), isRebuilt: false }
    } catch {
      // Fall through to the rebuild; its own failure is the one to report.
    }
  }
  const seed = await loadSeed(assets, baseUrl)
  if (stored.kind === 'present') await deleteStoredDatabase(indexedDbName)
  return { pg: await start(names, engine, { loadDataDir: seed }), isRebuilt: stored.kind === 'present' }
}

/** Closes the database and deletes its files. */
export async function destroyDatabase(pg: PGlite, names: DatabaseNames): Promise<void> {
  await pg.close()
  await deleteStoredDatabase(names.indexedDbName)
}

async function start(names: DatabaseNames, engine: Engine, extra: PGliteOptions = {}): Promise<PGlite> {
  const pg = new PGlite({
    dataDir: names.dataDir,
    relaxedDurability: false,
    startParams: START_PARAMS,
    ...engine,
    ...extra,
  })
  try {
    await pg.waitReady
    await pg.exec(SMOKE_SQL)
  } catch (error) {
    // A PGlite that did not start can't be closed, and deleting waits for its connection for ever.
    for (const connection of idbConnections(pg)) connection.close()
    throw error
  }
  flushPerStatement(pg)
  rollBackAbandoned(pg)
  reportSqlStates(pg)
  return pg
}

function idbConnections(pg: PGlite): IDBDatabase[] {
  // The module is missing when PGlite failed before it was instantiated.
  const module: { IDBFS?: { dbs?: Record<string, IDBDatabase> } } | undefined = pg.Module
  return Object.values(module?.IDBFS?.dbs ?? {})
}
