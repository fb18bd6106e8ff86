import type { Table } from '../catalog/table.ts'
import type { Database } from '../database.ts'
import type { Log } from '../log.ts'
import { HiddenPartitionError, publishTable } from '../replication/publication.ts'
import type { ShapeStorage } from '../storage/shape-storage.ts'
import { type DefinitionParameters, defineShape } from './define-shape.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { DefinitionChangedError, InvalidRequestError } from './definition-errors.ts'
import { refuseHiddenPartitions } from './refuse-hidden-partitions.ts'
import { restoreShapes } from './restore-shapes.ts'
import type { Shape } from './shape.ts'
import type { ShapeLimits } from './shape-limits.ts'
import { type RegisteredShape, ShapeRegistry } from './shape-registry.ts'
import { isUndefined, takeSnapshot } from './snapshot.ts'
import { SnapshotQueue } from './snapshot-queue.ts'
import { storeShape } from './stored-shape.ts'
import { readMove } from './subqueries/read-move.ts'
import { readSubset, type SubsetReading, type SubsetText } from './subset.ts'
import { TableWatch } from './table-watch.ts'

/** How soon a dropped table is noticed: dropping leaves no trace in the stream. */
const TABLE_CHECK_MS = 2_000
/** A definition can be written in endless ways; those that were not seen for long are worked out again. */
const KNOWN_CAPACITY = 10_000
/** A subset that is too large for memory keeps the disk and a connection busy. */
const LARGE_SUBSETS = { parallel: 2, maxWaiting: 100 }
const IDLE_CHECK_MS = 60_000
/** Whoever was away over night finds his log the next day; until then a shape costs disk, and little else. */
const IDLE_MS = 24 * 60 * 60 * 1_000

export interface ShapeServiceOptions {
  database: Database
  storage: ShapeStorage
  publicationName: string
  /** Whether what stands in the logs may be shown: never less than was shown before a restart. */
  isServing(): boolean
  /** Whether changes are arriving: a snapshot taken before the stream is there could not be joined to it. */
  isStreaming(): boolean
  log: Log
  limits?: ShapeLimits
}

/** There is no stream to follow; comes right by itself when Postgres is back. */
export class ReplicationAwayError extends Error {
  override name = 'ReplicationAwayError'
}

/** Finds or makes the shape that a client means, and rotates the shapes of tables that are gone. */
export class ShapeService {
  readonly registry: ShapeRegistry
  readonly #options: ShapeServiceOptions
  /** Definitions as clients wrote them, so that one with a living shape is answered without asking the catalog. */
  readonly #known = new Map<string, ShapeDefinition>()
  readonly #tableWatch: TableWatch
  readonly #idleCheck: NodeJS.Timeout
  readonly #queue: SnapshotQueue
  readonly #largeSubsets = new SnapshotQueue(LARGE_SUBSETS.parallel, LARGE_SUBSETS.maxWaiting, 'large subsets')

  constructor(options: ShapeServiceOptions) {
    this.#options = options
    const { database, storage, publicationName, log, limits = {} } = options
    this.#queue = new SnapshotQueue(limits.snapshotConcurrency)
    this.registry = new ShapeRegistry({
      storage,
      maxShapes: limits.maxShapes,
      compaction: limits.compaction,
      snapshot: (task) =>
        this.#queue.run(async () => {
          if (task.isGivenUp()) return
          const isAcceptable = task.begin()
          const startMs = performance.now()
          for (const table of tablesOf(task.definition)) await this.#publish(table)
          await takeSnapshot(database, task, isAcceptable, limits.snapshotChunkBytes)
          const { handle, snapshot } = task.folder
          const taken = { handle, bytes: snapshot.totalBytes, ms: Math.round(performance.now() - startMs) }
          log({ level: 'info', message: 'snapshot taken', ...describe(task.definition), ...taken })
        }),
      describe: storeShape,
      readMove: (definition, before, isAcceptable) => {
        const plan = definition.where?.plan
        if (!plan) throw new TypeError('a shape without subqueries does not move')
        return this.#queue.run(() => readMove(database, definition, plan, before, isAcceptable))
      },
      onRotated: (shape, reason) => {
        log({ level: 'info', message: 'shape rotated', ...describe(shape.definition), handle: shape.handle, reason })
      },
      onSnapshotFailed: (shape, error) => {
        // The client is told; the text of Postgres may have the value of a row in it.
        const reason = error instanceof InvalidRequestError ? 'the where clause fails on a row' : String(error)
        log({ level: 'warn', message: 'snapshot failed', ...describe(shape.definition), error: reason })
      },
      onStorageFailed: (shape, error) => {
        log({ level: 'error', message: 'shape not stored', handle: shape.handle, error: String(error) })
      },
    })
    const { registry } = this
    this.#tableWatch = new TableWatch({ database, publicationName, registry, intervalMs: TABLE_CHECK_MS })
    const idleMs = limits.idleMs ?? IDLE_MS
    this.#idleCheck = setInterval(() => this.registry.evictUnused(Date.now() - idleMs), Math.min(IDLE_CHECK_MS, idleMs))
  }

  /** Takes up the stored shapes that the catalog bears out; to be called once, before there is a stream. */
  async restore(): Promise<void> {
    const { log } = this.#options
    const count = await restoreShapes({ ...this.#options, registry: this.registry })
    if (count > 0) log({ level: 'info', message: 'shapes restored', count })
  }

  /** Throws an InvalidRequestError for a definition that the catalog does not bear out. */
  async resolve(parameters: DefinitionParameters): Promise<RegisteredShape> {
    if (!this.#options.isServing()) throw new ReplicationAwayError('the database has not been reached yet')
    const written = JSON.stringify(Object.entries(parameters).sort())
    const known = this.#known.get(written)
    const found = known && this.registry.find(known.id)
    // Also while the database is away: what is known is not wrong, only late.
    if (found) return found
    this.#requireStream()
    const { database, publicationName } = this.#options
    const definition = await defineShape(database, parameters)
    await refuseHiddenPartitions(database, publicationName, definition)
    this.#requireStream()
    if (this.#known.size >= KNOWN_CAPACITY) this.#known.clear()
    if (!this.registry.find(definition.id)) this.#queue.requireRoom()
    const registered = this.registry.findOrCreate(definition)
    this.#known.set(written, registered.shape.definition)
    return registered
  }

  /** Like `resolve`, but makes nothing. */
  async find(parameters: DefinitionParameters): Promise<Shape | undefined> {
    const { id } = await defineShape(this.#options.database, parameters)
    return this.registry.find(id)?.shape
  }

  /** Rotates the shape when its table is no longer what it was. */
  async readSubset(reading: SubsetReading): Promise<SubsetText> {
    const { database, storage } = this.#options
    const sources = { database, spools: storage.spools, queue: this.#largeSubsets }
    try {
      return await readSubset({ ...sources, isAcceptable: this.registry.seenBy() }, reading)
    } catch (error) {
      if (isUndefined(error)) this.registry.find(reading.definition.id)?.shape.rotate('altered')
      throw error
    }
  }

  close(): void {
    this.#tableWatch.close()
    clearInterval(this.#idleCheck)
  }

  async #publish(table: Table): Promise<void> {
    const { database, publicationName } = this.#options
    try {
      await publishTable(database, publicationName, table, (partitions) => {
        for (const oid of partitions) this.registry.rotateTable(oid, 'root-published')
      })
    } catch (error) {
      // Whoever waits for the shape asks again, and is refused.
      throw error instanceof HiddenPartitionError ? new DefinitionChangedError(error.message) : error
    }
  }

  #requireStream(): void {
    if (!this.#options.isStreaming()) throw new ReplicationAwayError('the database is not reachable')
  }
}

const describe = ({ table }: ShapeDefinition) => ({ table: `${table.schema}.${table.table}` })
