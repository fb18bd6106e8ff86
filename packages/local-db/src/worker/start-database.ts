import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type { GenerationNames } from '../protocol/database-names.ts'
import type { Engine } from './engine.ts'
import { flushPerStatement } from './flush-per-statement.ts'
import { reportSqlStates } from './report-sql-states.ts'
import { rollBackAbandoned } from './roll-back-abandoned.ts'
import { START_PARAMS } from './start-params.ts'
import { type EngineEnd, watchEngine } from './watch-engine.ts'
import { watchFlushes } from './watch-flushes.ts'
import { withinTime } from './within-time.ts'

/** The database did not open in time. */
export class OpeningTimeoutError extends Error {
  override name = 'OpeningTimeoutError'
}

export interface StartOptions {
  engine: Engine
  /** Image to unpack, where nothing is stored. */
  seed?: Blob
  withinMs: number
  /** Called once when the engine ends, or is found unable to go on. */
  onEnd: (end: EngineEnd) => void
  /** Called when the browser gives no more room, and when it does again. */
  onFull: (isFull: boolean) => void
}

/** Starts PGlite on one data directory. What fails lets go of its files, so that they can be deleted. */
export async function startDatabase(
  { dataDir }: GenerationNames,
  { engine, seed, withinMs, onEnd, onFull }: StartOptions,
): Promise<PGlite> {
  const options: PGliteOptions = { dataDir, relaxedDurability: false, startParams: START_PARAMS, ...engine }
  const pg = new PGlite(seed ? { ...options, loadDataDir: seed } : options)
  try {
    await withinTime(pg.waitReady, withinMs, () => new OpeningTimeoutError(`it did not open within ${withinMs} ms`))
  } catch (error) {
    letGo(pg)
    throw error
  }
  watchEngine(pg, onEnd)
  watchFlushes(pg, { onFull, onLost: (detail) => onEnd({ kind: 'closed', detail }) })
  flushPerStatement(pg)
  rollBackAbandoned(pg)
  // The outermost: what a tab is told of an error is put together here.
  reportSqlStates(pg)
  return pg
}

/** Closes the files of a PGlite that can't be closed, because it did not start or its engine has ended. */
export function letGo(pg: PGlite): void {
  // The module is missing when PGlite failed before it was instantiated.
  const module: { IDBFS?: { dbs?: Record<string, IDBDatabase> } } | undefined = pg.Module
  for (const connection of Object.values(module?.IDBFS?.dbs ?? {})) connection.close()
}
