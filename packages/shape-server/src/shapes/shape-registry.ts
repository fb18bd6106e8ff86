import { setImmediate as nextTurn } from 'node:timers/promises'
import { OverloadError } from '../overload-error.ts'
import type { Lsn } from '../replication/lsn.ts'
import type { Transaction } from '../replication/transaction.ts'
import type { ShapeFolder } from '../storage/shape-folder.ts'
import type { ShapeStorage } from '../storage/shape-storage.ts'
import { type ShapeDefinition, tablesOf } from './definition.ts'
import { DefinitionChangedError } from './definition-errors.ts'
import { RecentTransactions } from './recent-transactions.ts'
import { createHandle, type RotationReason, Shape } from './shape.ts'
import type { CompactionLimits } from './shape-limits.ts'
import type { SnapshotJoin } from './snapshot-join.ts'
import type { InnerValues } from './subqueries/inner-values.ts'
import type { SubqueryFollowerOptions } from './subqueries/subquery-follower.ts'
import { TableShapes } from './table-shapes.ts'
import type { SnapshotVisibility } from './visibility.ts'

type ReadMove = SubqueryFollowerOptions['readMove']

/** A snapshot to be taken for a new shape. */
export interface SnapshotTask {
  definition: ShapeDefinition
  folder: ShapeFolder
  /** Must be called before the snapshot is begun. Returns whether a snapshot sees what the shape does not get. */
  begin(): (visibility: SnapshotVisibility) => boolean
  /** Must be called when the snapshot is begun. */
  join(join: SnapshotJoin, values?: InnerValues[]): void
  /** Whether nobody wants the snapshot any more. */
  isGivenUp(): boolean
}

export interface ShapeRegistryOptions {
  storage: ShapeStorage
  /** Publishes the table and writes its rows to the folder. */
  snapshot(task: SnapshotTask): Promise<void>
  /** What is stored of a shape, to make it anew after a restart; undefined for one that cannot be. */
  describe(definition: ShapeDefinition, join: SnapshotJoin): unknown
  /** Reads what the subqueries of a shape select now, and what rows they bring it. */
  readMove?(definition: ShapeDefinition, ...read: Parameters<ReadMove>): ReturnType<ReadMove>
  onRotated?(shape: Shape, reason: RotationReason): void
  onSnapshotFailed?(shape: Shape, error: unknown): void
  onStorageFailed?(shape: Shape, error: unknown): void
  maxShapes?: number | undefined
  compaction?: CompactionLimits | undefined
}

export interface RegisteredShape {
  shape: Shape
  /** Settles when the beginning of the log can be read; rejects when the snapshot failed. */
  ready: Promise<void>
}

const MAX_SHAPES = 5_000
const COMPACTION: CompactionLimits = { bytes: 256_000_000, ratio: 4 }
const RETRY_AFTER_S = 5
/** How long the stream may keep everything else waiting. */
const TURN_MS = 10
/** How many shapes are told of a change between two looks at the clock. */
const STEPS_A_LOOK = 64

/** All living shapes: one for each definition, fed with the transactions that concern its table. */
export class ShapeRegistry {
  readonly #options: ShapeRegistryOptions
  readonly #byDefinition = new Map<string, RegisteredShape>()
  /** The one used longest ago comes first. */
  readonly #usedAtMs = new Map<Shape, number>()
  readonly #byHandle = new Map<string, Shape>()
  readonly #tables = new Map<number, TableShapes>()
  readonly #recent = new RecentTransactions()
  /** Shapes that the transaction under way has concerned. */
  readonly #touched = new Set<Shape>()
  /** Those that may wait for the stream. */
  readonly #withSubqueries = new Set<Shape>()
  #position: Lsn
  /** Counts the interruptions of the stream. */
  #interruptions = 0

  constructor(options: ShapeRegistryOptions) {
    this.#options = options
    this.#position = options.storage.position
  }

  /** Every transaction up to here, of whatever table, stands in the logs. */
  get position(): Lsn {
    return this.#position
  }

  get tables(): number[] {
    return [...this.#tables.keys()]
  }

  /** Those whose snapshot has been begun, so that their tables are published. */
  get following(): Shape[] {
    return [...this.#byHandle.values()].filter(({ isFollowing }) => isFollowing)
  }

  get size(): number {
    return this.#byHandle.size
  }

  /** Bytes in memory that wait for the disk or for a snapshot. */
  get pendingBytes(): number {
    return this.#options.storage.pendingBytes
  }

  find(definitionId: string): RegisteredShape | undefined {
    const found = this.#byDefinition.get(definitionId)
    if (found) this.#use(found.shape)
    return found
  }

  findByHandle(handle: string): Shape | undefined {
    return this.#byHandle.get(handle)
  }

  /** Throws an OverloadError when there are too many shapes and all of them are in use. */
  findOrCreate(definition: ShapeDefinition): RegisteredShape {
    return this.find(definition.id) ?? this.#create(definition)
  }

  /** A shape that was stored. */
  restore(definition: ShapeDefinition, folder: ShapeFolder, join: SnapshotJoin): void {
    this.#options.storage.adoptFolder(folder, (error) => this.#giveUp(shape, error))
    const shape = this.#newShape(definition, folder, join)
    this.#register(shape, Promise.resolve())
    this.#follow(shape)
  }

  /**
   * Must be called for each transaction or part of one, in commit order, and not before the promise of the last call
   * has settled: there is one when the stream should wait.
   */
  apply(transaction: Transaction): Promise<void> | undefined {
    const work = this.#work(transaction)
    const isDone = work.next().done
    if (isDone && !this.#options.storage.pressure.whenLow()) return undefined
    return this.#finish(work)
  }

  /** A test for snapshots taken from now on: whether they see everything that stands in the logs. */
  seenBy(): (visibility: SnapshotVisibility) => boolean {
    return this.#recent.seenBy()
  }

  advance(position: Lsn): void {
    if (position > this.#position) this.#position = position
    for (const shape of [...this.#withSubqueries]) shape.advance(position)
  }

  /** Makes everything durable that was applied until now, and says how far that is. Rejects when the disk fails. */
  async flush(position = this.#position): Promise<Lsn> {
    await this.#options.storage.flush(position)
    return position
  }

  /** The stream has ended; of a transaction that is not complete all parts come again. */
  interrupt(): void {
    this.#interruptions += 1
    for (const shape of this.#touched) shape.interrupt()
    this.#touched.clear()
  }

  rotateTable(oid: number, reason: RotationReason): void {
    for (const shape of [...(this.#tables.get(oid)?.all ?? [])]) shape.rotate(reason)
  }

  /** For a stream that was lost: another may be of a database that was restored, with lower positions. */
  async startOver(): Promise<void> {
    this.interrupt()
    for (const shape of [...this.#byHandle.values()]) shape.rotate('stream-lost')
    this.#recent.clear()
    this.#position = 0n
    await this.#options.storage.clear()
  }

  /** Gives up the shapes that nobody has asked for since then. */
  evictUnused(sinceMs: number): void {
    for (const [shape, usedAtMs] of this.#usedAtMs) {
      if (usedAtMs >= sinceMs) return
      if (!shape.isWaitedFor) shape.rotate('evicted')
    }
  }

  *#work(transaction: Transaction): Generator<void> {
    const clock = turnClock()
    if (transaction.isFirst) this.#recent.add(transaction.xid)
    for (const change of transaction.changes) {
      for (const shape of this.#tables.get(change.relation.oid)?.concernedBy(change) ?? []) {
        this.#touched.add(shape)
        shape.add(transaction, change)
        if (clock.isOver()) yield
      }
    }
    for (const shape of this.#touched) {
      shape.endPart()
      if (clock.isOver()) yield
    }
    if (!transaction.isComplete) return
    for (const shape of this.#touched) {
      shape.commit()
      this.#compact(shape)
      if (clock.isOver()) yield
    }
    this.#touched.clear()
  }

  async #finish(work: Generator<void>): Promise<void> {
    const interruptions = this.#interruptions
    do {
      await nextTurn()
      if (this.#interruptions !== interruptions) return
    } while (!work.next().done)
    await this.#options.storage.pressure.whenLow()
  }

  #create(definition: ShapeDefinition): RegisteredShape {
    this.#makeRoom()
    const { storage } = this.#options
    const folder = storage.create(createHandle(), (error) => this.#giveUp(shape, error))
    const shape = this.#newShape(definition, folder)
    const ready = this.#takeSnapshot(shape)
    // Somebody may have created the shape without waiting for it.
    ready.catch(() => {})
    return this.#register(shape, ready)
  }

  /** Settles with the first chunk; the rest of the snapshot follows in the background. */
  async #takeSnapshot(shape: Shape): Promise<void> {
    const { definition, folder } = shape
    let join: SnapshotJoin | undefined
    const task: SnapshotTask = {
      definition,
      folder,
      begin: () => {
        shape.begin()
        this.#follow(shape)
        // What is handed over from now on is held back by the shape itself.
        return this.#recent.seenBy()
      },
      join: (begun, values) => {
        join = begun
        shape.join(begun, values)
      },
      isGivenUp: () => shape.isRotated,
    }
    folder.snapshot.onChunk = () => shape.announceChunk()
    const written = this.#options.snapshot(task).then(
      () => {
        if (!join || shape.isRotated) return
        const description = this.#options.describe(definition, join)
        if (description === undefined) return
        folder.describe(description)
        // Soon, so that a server that is killed has lost no shape but the newest.
        folder.sync().catch((error: unknown) => this.#giveUp(shape, error))
      },
      (error: unknown) => {
        if (error instanceof DefinitionChangedError) shape.rotate('altered')
        // Whoever waits for it goes on with its successor.
        if (shape.isRotated) return
        this.#options.onSnapshotFailed?.(shape, error)
        shape.rotate('snapshot-failed')
        throw error
      },
    )
    written.catch(() => {})
    // When there will be no chunk, `written` says why.
    await Promise.race([folder.snapshot.has(0).catch(() => written), written])
  }

  #newShape(definition: ShapeDefinition, folder: ShapeFolder, join?: SnapshotJoin): Shape {
    const { readMove } = this.#options
    return new Shape({
      definition,
      folder,
      ...(readMove && { readMove: (before, isAcceptable) => readMove(definition, before, isAcceptable) }),
      pressure: this.#options.storage.pressure,
      ...(join && { join }),
      onRotated: (rotated, reason) => {
        this.#remove(rotated)
        this.#options.onRotated?.(rotated, reason)
      },
    })
  }

  #register(shape: Shape, ready: Promise<void>): RegisteredShape {
    const registered = { shape, ready }
    this.#byDefinition.set(shape.definition.id, registered)
    this.#byHandle.set(shape.handle, shape)
    this.#use(shape)
    return registered
  }

  #follow(shape: Shape): void {
    if (shape.isRotated) return
    for (const { oid } of tablesOf(shape.definition)) {
      const table = this.#tables.get(oid) ?? new TableShapes(oid)
      this.#tables.set(oid, table)
      table.add(shape)
    }
    if (shape.definition.where?.plan) this.#withSubqueries.add(shape)
  }

  #giveUp(shape: Shape, error: unknown): void {
    // Its files are being removed.
    if (shape.isRotated) return
    this.#options.onStorageFailed?.(shape, error)
    shape.rotate('storage-failed')
  }

  #use(shape: Shape): void {
    if (shape.isRotated) return
    this.#usedAtMs.delete(shape)
    this.#usedAtMs.set(shape, Date.now())
  }

  #makeRoom(): void {
    if (this.#byHandle.size < (this.#options.maxShapes ?? MAX_SHAPES)) return
    for (const shape of this.#usedAtMs.keys()) {
      // One that is still being made would be made anew at once, and nobody be answered.
      if (shape.isWaitedFor || !shape.folder.snapshot.isComplete) continue
      shape.rotate('evicted')
      return
    }
    throw new OverloadError('There are too many shapes in use', RETRY_AFTER_S)
  }

  #compact(shape: Shape): void {
    const { bytes, ratio } = this.#options.compaction ?? COMPACTION
    const { snapshot, changes } = shape.log.size
    if (changes > bytes && changes > ratio * snapshot) shape.rotate('compacted')
  }

  #remove(shape: Shape): void {
    const { id } = shape.definition
    if (this.#byDefinition.get(id)?.shape === shape) this.#byDefinition.delete(id)
    this.#byHandle.delete(shape.handle)
    this.#usedAtMs.delete(shape)
    this.#withSubqueries.delete(shape)
    for (const { oid } of tablesOf(shape.definition)) {
      const siblings = this.#tables.get(oid)
      siblings?.delete(shape)
      if (siblings?.all.size === 0) this.#tables.delete(oid)
    }
  }
}

/** Tells when it is time to let others work. */
function turnClock(): { isOver(): boolean } {
  let steps = 0
  let startMs = performance.now()
  return {
    isOver() {
      steps += 1
      if (steps % STEPS_A_LOOK !== 0 || performance.now() - startMs < TURN_MS) return false
      startMs = performance.now()
      return true
    },
  }
}
