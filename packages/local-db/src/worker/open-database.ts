import type { PGlite } from '@electric-sql/pglite'
import { type DatabaseNames, type GenerationNames, generationNames } from '../protocol/database-names.ts'
import type { Rebuild, RebuildReason } from '../protocol/rebuild.ts'
import { askServer } from '../schema/chain/ask-server.ts'
import { bringSchemaUpToDate } from '../schema/chain/bring-schema-up-to-date.ts'
import { carryWritten, readWritten, type WrittenRow } from '../schema/chain/carry-written.ts'
import type { SchemaStatus } from '../schema/chain/schema-status.ts'
import { deleteGenerations } from '../storage/delete-generations.ts'
import { listGenerations } from '../storage/list-generations.ts'
import { checkReadable } from './check-readable.ts'
import { claimForOwner } from './claim-for-owner.ts'
import { type Engine, loadEngine, loadSeed } from './engine.ts'
import { GOOD_HEALTH, type Health, healthAfterRebuild, healthPath, MAX_CRASHES } from './health.ts'
import { letGo, OpeningTimeoutError, type StartOptions, startDatabase } from './start-database.ts'
import { probeStoredDatabase } from './stored-database.ts'
import { UnusableDatabaseError } from './unusable-database.ts'
import { withinTime } from './within-time.ts'
import type { WorkerAssets } from './worker-assets.ts'

export interface OpenOptions extends Pick<StartOptions, 'withinMs' | 'onEnd' | 'onFull'> {
  names: DatabaseNames
  assets: WorkerAssets
  baseUrl: string
}

export interface OpenedDatabase {
  pg: PGlite
  schema: SchemaStatus
  generation: GenerationNames
  health: Health
  /** Whether it was there before this opening. */
  isReopened: boolean
  rebuilt: Rebuild | null
  /** Generations that nobody uses any more. */
  setAside: number[]
}

/** How long a rebuild on a full disk waits for the deletion that makes room. */
const ROOM_WITHIN_MS = 3_000

/**
 * Opens the owner's database, the newest generation of it:
 *
 *   none, or unfinished ────────────────────────────────────────► unpack the seed
 *   of this engine ─► opens in time, readable, this owner's ────► done
 *                └──► doesn't ───┐
 *   of another engine, broken ───┴─► set aside: unpack the seed as the next generation (rebuilt)
 *
 * Setting aside loses nothing: the outbox holds what was not sent, the shapes bring the rest again. It waits for nothing
 * either, since whoever hangs on the old files may do so for ever.
 *
 * @throws RebuildLimitError when it breaks again and again · EngineLoadError
 */
export async function openDatabase(options: OpenOptions): Promise<OpenedDatabase> {
  const { names, assets, baseUrl } = options
  // Before anything is judged or set aside: a network failure must not look like a broken database.
  const [engine, generations] = await Promise.all([loadEngine(assets, baseUrl), listGenerations(names)])
  const newest = generations.at(-1)
  if (newest === undefined) return seedGeneration(options, engine, 1, GOOD_HEALTH, [], null)

  const generation = generationNames(names, newest)
  const stored = await withinTime(probeStoredDatabase(generation), options.withinMs, tooLate(options)).catch(
    (error: unknown) => ({ kind: 'unreadable' as const, error }),
  )
  if (stored.kind === 'unfinished') return seedGeneration(options, engine, newest + 1, GOOD_HEALTH, generations, null)
  const before = stored.kind === 'present' ? stored.health : GOOD_HEALTH
  try {
    if (stored.kind === 'unreadable') throw stored.error
    return {
      ...(await openStored(options, engine, generation, stored)),
      generation,
      health: before,
      isReopened: true,
      rebuilt: null,
      setAside: generations.slice(0, -1),
    }
  } catch (error) {
    const { reason, message: detail, written } = unusable(error)
    const rebuilt: Rebuild = { reason, detail, atMs: Date.now() }
    const health = isFault(reason) ? healthAfterRebuild(before, detail, rebuilt.atMs) : GOOD_HEALTH
    const opened = await seedGeneration(options, engine, newest + 1, health, generations, rebuilt)
    return { ...opened, rebuilt: await carry(opened.pg, written, assets.resets, rebuilt) }
  }
}

async function openStored(
  options: OpenOptions,
  engine: Engine,
  generation: GenerationNames,
  { stamp, health }: { stamp: string | null; health: Health },
): Promise<Prepared> {
  if (health.damage !== null) throw new UnusableDatabaseError('damaged', health.damage)
  if (health.crashes >= MAX_CRASHES)
    throw new UnusableDatabaseError('damaged', `its engine ended ${health.crashes} times`)
  // Before opening: a Postgres may hang on another's files instead of refusing them.
  if (stamp !== options.assets.engineId)
    throw new UnusableDatabaseError('other-engine', `written by ${stamp ?? 'an unknown engine'}`)
  return prepare(options, await startDatabase(generation, { ...options, engine }))
}

interface Prepared {
  pg: PGlite
  schema: SchemaStatus
}

/** Makes sure of an engine that runs; one whose database is refused lets go of its files. */
async function prepare({ names, withinMs, assets, baseUrl }: OpenOptions, pg: PGlite): Promise<Prepared> {
  try {
    const prepared = (async () => {
      await checkReadable(pg)
      await claimForOwner(pg, names.owner)
      return bringSchemaUpToDate(pg, {
        chain: assets.chain,
        ask: askServer(new URL('/api/local-schema', baseUrl).href),
      })
    })()
    const outcome = await withinTime(prepared, withinMs, tooLate({ withinMs }))
    if (outcome.kind === 'reset') {
      const written = await readWritten(pg).catch(() => [])
      throw new UnusableDatabaseError('other-schema', `${outcome.reason}: ${outcome.detail}`, { written })
    }
    return { pg, schema: outcome.schema }
  } catch (error) {
    letGo(pg)
    throw error
  }
}

async function seedGeneration(
  options: OpenOptions,
  engine: Engine,
  number: number,
  health: Health,
  setAside: number[],
  rebuilt: Rebuild | null,
): Promise<OpenedDatabase> {
  const { names, assets, baseUrl, withinMs } = options
  const generation = generationNames(names, number)
  const seed = await loadSeed(assets, baseUrl)
  const start = () => startDatabase(generation, { ...options, engine, seed })
  const started = await start().catch(async (error: unknown) => {
    if (!(error instanceof Error && error.name === 'QuotaExceededError')) throw error
    // What was set aside may take the room that is needed.
    await withinTime(deleteGenerations(names, setAside), ROOM_WITHIN_MS, tooLate({ withinMs })).catch(() => {})
    return start()
  })
  started.Module.FS.writeFile(healthPath(generation), JSON.stringify(health))
  return { ...(await prepare(options, started)), generation, health, isReopened: false, rebuilt, setAside }
}

/** What only the database that goes knew of. Nobody was told that it is saved, so an opening does not fail for it. */
async function carry(
  pg: PGlite,
  written: readonly WrittenRow[],
  resets: WorkerAssets['resets'],
  rebuilt: Rebuild,
): Promise<Rebuild> {
  try {
    await carryWritten(pg, written, resets)
    return rebuilt
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return {
      ...rebuilt,
      detail: `${rebuilt.detail}; ${written.length} unsaved writes could not be carried over: ${why}`,
    }
  }
}

/** A deploy, and its rollback, are nobody's fault, and come as often as they come. */
function isFault(reason: RebuildReason): boolean {
  return reason !== 'other-schema' && reason !== 'other-engine'
}

function unusable(error: unknown): UnusableDatabaseError {
  if (error instanceof UnusableDatabaseError) return error
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const reason = error instanceof OpeningTimeoutError ? 'hung' : 'damaged'
  return new UnusableDatabaseError(reason, detail, { cause: error })
}

function tooLate({ withinMs }: Pick<OpenOptions, 'withinMs'>): () => Error {
  return () => new OpeningTimeoutError(`it did not open within ${withinMs} ms`)
}
