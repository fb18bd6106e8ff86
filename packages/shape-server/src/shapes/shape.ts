import { randomInt } from 'node:crypto'
import type { Lsn } from '../replication/lsn.ts'
import type { Relation } from '../replication/pgoutput.ts'
import type { Change, Transaction } from '../replication/transaction.ts'
import type { LogLine } from '../storage/log-line.ts'
import type { Pressure } from '../storage/pressure.ts'
import type { ShapeFolder } from '../storage/shape-folder.ts'
import { WhereEvaluationError } from '../where/where-evaluation-error.ts'
import type { ShapeDefinition } from './definition.ts'
import type { LogOffset } from './offset.ts'
import { OpenTransaction } from './open-transaction.ts'
import { hasDrifted } from './relation-drift.ts'
import { ShapeLog } from './shape-log.ts'
import { isSeen, type SnapshotJoin } from './snapshot-join.ts'
import type { InnerValues } from './subqueries/inner-values.ts'
import { SubqueryFollower, type SubqueryFollowerOptions } from './subqueries/subquery-follower.ts'

/**
 *   queued ──begin──▶ joining ──join──▶ following ──rotate──▶ rotated
 *      └──────────────────┴─────────rotate─────────────────────▲
 *
 * A queued shape waits until its snapshot may be read, and no change concerns it. A joining one holds back what arrives
 * until it is known what the snapshot sees; from then on changes go to the log, though nobody reads them before the rows
 * of the snapshot are all there. A rotated shape stays as it is: whoever waits for it is sent to its successor.
 */
type ShapeState =
  | { kind: 'queued' }
  | { kind: 'joining'; held: HeldTransaction[]; heldBytes: number }
  | { kind: 'following'; join: SnapshotJoin }
  | { kind: 'rotated' }

interface HeldTransaction {
  lsn: Lsn
  xid: number
  lines: LogLine[]
  reason: RotationReason | undefined
}

/** Why a shape's log cannot go on. */
export type RotationReason =
  | 'truncated'
  | 'altered'
  | 'old-row-missing'
  | 'where-failed'
  /** A subquery that is negated has got or lost a NULL, its first value or its last. */
  | 'subquery-null'
  /** Rows that a subquery brings could not be read. */
  | 'move-failed'
  /** They are so many that fetching anew is better. */
  | 'move-too-large'
  | 'dropped'
  | 'unpublished'
  /** The table is a partition, and its changes are streamed as those of the table that it is part of. */
  | 'root-published'
  | 'deleted'
  | 'stream-lost'
  | 'snapshot-failed'
  | 'storage-failed'
  /** The log has grown so long that fetching anew is better. */
  | 'compacted'
  /** Not used for long, or there were too many. */
  | 'evicted'

export interface ShapeOptions {
  definition: ShapeDefinition
  folder: ShapeFolder
  /** Counts what is held back. */
  pressure: Pressure
  onRotated(shape: Shape, reason: RotationReason): void
  /** For a shape with subqueries. */
  readMove?: SubqueryFollowerOptions['readMove']
  /** For a shape that was stored. */
  join?: SnapshotJoin
}

/** One incarnation of a shape: its handle, its log, and whoever waits for it to grow. */
export class Shape {
  readonly definition: ShapeDefinition
  readonly log: ShapeLog
  readonly folder: ShapeFolder
  readonly #options: ShapeOptions
  readonly #waiting = new Map<() => void, LogOffset>()
  #state: ShapeState
  #open: OpenTransaction | undefined
  #openReason: RotationReason | undefined
  #countedBytes = 0
  /** Descriptions of tables that were found to be those of the definition. */
  readonly #checked = new Map<number, Relation>()
  /** Takes the place of the open transaction and of what is held back. */
  readonly #follower: SubqueryFollower | undefined

  constructor(options: ShapeOptions) {
    this.#options = options
    this.definition = options.definition
    this.folder = options.folder
    this.log = new ShapeLog(options.folder)
    this.#state = options.join ? { kind: 'following', join: options.join } : { kind: 'queued' }
    this.#follower = this.#createFollower()
  }

  #createFollower(): SubqueryFollower | undefined {
    const plan = this.definition.where?.plan
    if (!plan) return undefined
    const { readMove } = this.#options
    if (!readMove) throw new TypeError('a shape with subqueries needs a way to read what they bring')
    return new SubqueryFollower({
      shape: { definition: this.definition, plan, handle: this.handle },
      readMove,
      onLines: (lines) => {
        this.log.append(lines)
        this.#wake()
      },
      onFailed: (reason) => this.rotate(reason),
    })
  }

  get handle(): string {
    return this.folder.handle
  }

  get isRotated(): boolean {
    return this.#state.kind === 'rotated'
  }

  get isFollowing(): boolean {
    return this.#state.kind === 'following'
  }

  get isWaitedFor(): boolean {
    return this.#waiting.size > 0
  }

  hasChecked(relation: Relation): boolean {
    return this.#checked.get(relation.oid) === relation
  }

  /** From here on no change may be missed. */
  begin(): void {
    if (this.#state.kind === 'queued') this.#state = { kind: 'joining', held: [], heldBytes: 0 }
  }

  /** Now it is known which of the changes that were held back the snapshot has. */
  join(join: SnapshotJoin, values: InnerValues[] = []): void {
    if (this.#state.kind !== 'joining') return
    const { held } = this.#state
    this.#state = { kind: 'following', join }
    this.#countHeld(0)
    this.#follower?.start(join, values)
    for (const { lines, reason, ...transaction } of held) {
      if (isSeen(join, transaction)) continue
      if (reason) {
        this.rotate(reason)
        return
      }
      if (lines.length > 0) this.log.append(lines)
    }
    if (this.#open && isSeen(join, this.#open)) this.#closeOpen()
    else if (this.#openReason) this.rotate(this.#openReason)
  }

  /** Called when a chunk of the snapshot is there. */
  announceChunk(): void {
    this.#wake()
  }

  /** Called for every change that may concern the shape, in the order of commits. */
  add(transaction: Transaction, change: Change): void {
    if (this.#follower) {
      const isFollowed = this.#state.kind === 'joining' || this.#state.kind === 'following'
      if (isFollowed) this.#follower.add(transaction, change, this.#reasonToRotate(change))
      return
    }
    switch (this.#state.kind) {
      case 'joining':
        // After an interruption of the stream.
        if (transaction.lsn <= (this.#state.held.at(-1)?.lsn ?? -1n)) return
        this.#addOpen(transaction, change)
        return
      case 'following':
        // Also after joining: the stream may lag behind the snapshot for long, and brings some again after a restart.
        if (isSeen(this.#state.join, transaction) || transaction.lsn <= (this.folder.changes.end?.lsn ?? -1n)) return
        this.#addOpen(transaction, change)
        if (this.#openReason) this.rotate(this.#openReason)
        return
      case 'queued':
      case 'rotated':
        return
    }
  }

  /** A part of the transaction is through; its lines need not stay in memory. */
  endPart(): void {
    if (!this.#open) return
    if (this.#state.kind === 'joining') {
      this.#countHeld(this.#state.heldBytes + this.#open.size)
    } else {
      const lines = this.#open.takeLines()
      if (lines.length > 0) this.log.append(lines)
    }
  }

  /** The transaction is through: what it changed becomes visible as a whole. */
  commit(): void {
    this.#follower?.commit()
    const open = this.#open
    const reason = this.#openReason
    this.#closeOpen()
    if (!open) return
    const lines = open.close()
    switch (this.#state.kind) {
      case 'joining':
        this.#state.held.push({ lsn: open.lsn, xid: open.xid, lines, reason })
        this.#state.heldBytes += open.size
        this.#countHeld(this.#state.heldBytes)
        return
      case 'following':
        if (lines.length === 0) return
        this.log.append(lines)
        this.#wake()
        return
      case 'queued':
      case 'rotated':
        return
    }
  }

  /** The transaction will come again from its beginning. */
  interrupt(): void {
    this.#follower?.interrupt()
    this.#closeOpen()
    this.log.discardOpen()
  }

  rotate(reason: RotationReason): void {
    if (this.#state.kind === 'rotated') return
    this.#state = { kind: 'rotated' }
    this.#follower?.end()
    this.#closeOpen()
    this.#countHeld(0)
    this.folder.remove()
    this.#options.onRotated(this, reason)
    this.#wake()
  }

  /** Everything up to this position has arrived, of whatever table. */
  advance(position: Lsn): void {
    this.#follower?.advance(position)
  }

  /** How far the log goes when all changes up to this position have arrived: some may be held back. */
  reachedPosition(position: Lsn): Lsn {
    const heldFrom = this.#follower?.heldFrom
    return heldFrom !== undefined && heldFrom <= position ? heldFrom - 1n : position
  }

  /** Resolves at once when there is something behind the offset, else with the next change, rotation or abort. */
  waitForChange(offset: LogOffset, signal: AbortSignal): Promise<void> {
    if (this.isRotated || signal.aborted || this.log.hasChangesAfter(offset)) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = () => {
        this.#waiting.delete(finish)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      this.#waiting.set(finish, offset)
      signal.addEventListener('abort', finish)
    })
  }

  #addOpen(transaction: Transaction, change: Change): void {
    this.#open ??= new OpenTransaction(this.definition, transaction)
    this.#openReason ??= this.#reasonToRotate(change)
    if (this.#openReason || change.kind === 'truncate') return
    try {
      this.#open.add(change)
    } catch (error) {
      if (!(error instanceof WhereEvaluationError)) throw error
      // Nobody can say whether the row belongs to the shape; a new snapshot says what Postgres thinks of it.
      this.#openReason = 'where-failed'
    }
  }

  #reasonToRotate(change: Change): RotationReason | undefined {
    if (change.kind === 'truncate') return 'truncated'
    const { relation } = change
    if (!this.hasChecked(relation)) {
      if (hasDrifted(this.definition, relation)) return 'altered'
      this.#checked.set(relation.oid, relation)
    }
    return change.kind !== 'insert' && !change.old ? 'old-row-missing' : undefined
  }

  #closeOpen(): void {
    this.#open = undefined
    this.#openReason = undefined
  }

  #countHeld(bytes: number): void {
    this.#options.pressure.add(bytes - this.#countedBytes)
    this.#countedBytes = bytes
  }

  #wake(): void {
    for (const [finish, offset] of [...this.#waiting]) {
      if (this.isRotated || this.log.hasChangesAfter(offset)) finish()
    }
  }
}

/** Never the same twice, also over restarts: clients remember the handles that have expired. */
export const createHandle = () => `${randomInt(10_000_000, 100_000_000)}-${Date.now()}${randomInt(100, 1_000)}`
