import type { Lsn } from '../../replication/lsn.ts'
import type { Change, Transaction } from '../../replication/transaction.ts'
import type { LogLine } from '../../storage/log-line.ts'
import { WhereEvaluationError } from '../../where/where-evaluation-error.ts'
import type { RotationReason } from '../shape.ts'
import { isSeen, type SnapshotJoin } from '../snapshot-join.ts'
import { isVisible, type SnapshotVisibility } from '../visibility.ts'
import { changeLines, type TaggedShape, type WholeTransaction } from './change-lines.ts'
import type { InnerValues } from './inner-values.ts'
import { bringsRows, changesForNull } from './move-effects.ts'
import { moveLines } from './move-lines.ts'
import { type MoveReading, MoveTooLargeError, sizeOf } from './read-move.ts'

export interface SubqueryFollowerOptions {
  shape: TaggedShape
  /** Reads from the database what has become of the subqueries, and the rows that the shape gets by it. */
  readMove(
    before: readonly InnerValues[],
    isAcceptable: (visibility: SnapshotVisibility) => boolean,
  ): Promise<MoveReading>
  /** Lines of whole transactions. */
  onLines(lines: LogLine[]): void
  onFailed(reason: RotationReason): void
}

interface HeldTransaction extends WholeTransaction {
  changes: Change[]
  /** Why the log cannot go on behind it. */
  reason: RotationReason | undefined
  size: number
}

/**
 *   waiting ──start──▶ steady ──a value comes──▶ reading ──rows are there──▶ catching up
 *                        ▲                          ▲                            │   │
 *                        └──────────────────────────┼─────stream is as far───────┘   │
 *                                                   └─────order does not fit─────────┘
 *
 * A value that comes into a subquery brings rows that no change tells of: they are read from the database, in a snapshot
 * that is later than the change. Everything that this snapshot sees goes to the log with the old values, then what
 * has moved, then the rest with the new values. So from the change on transactions are held back until the stream has
 * brought all that the snapshot sees.
 */
type State =
  | { kind: 'waiting' }
  | { kind: 'steady' }
  | { kind: 'reading' }
  | { kind: 'catching-up'; reading: MoveReading }
  | { kind: 'ended' }

/** Longer waits than that are not worth their memory. */
const MAX_HELD_CHARACTERS = 64_000_000
const PAGE_BYTES = 8_192n
/** The longest header of a page of the write-ahead log: nothing begins there, and some positions leave it out. */
const PAGE_HEADER_BYTES = 40n

/** Follows a shape whose where clause has subqueries: its own table and theirs, in the order of commits. */
export class SubqueryFollower {
  readonly #options: SubqueryFollowerOptions
  #state: State = { kind: 'waiting' }
  #join: SnapshotJoin | undefined
  #values: InnerValues[] = []
  #open: HeldTransaction | undefined
  readonly #held: HeldTransaction[] = []
  #heldSize = 0
  /** The last transaction that is here as a whole; after an interruption some come again. */
  #lastLsn: Lsn = -1n
  /** Everything up to here has arrived. */
  #streamed: Lsn = 0n

  constructor(options: SubqueryFollowerOptions) {
    this.#options = options
  }

  /** What is not in the log yet begins here; undefined when all is. */
  get heldFrom(): Lsn | undefined {
    return this.#held[0]?.lsn
  }

  /** The snapshot of the shape has begun, and its subqueries select these values. */
  start(join: SnapshotJoin, values: InnerValues[]): void {
    if (this.#state.kind !== 'waiting') return
    this.#join = join
    this.#values = values
    this.#state = { kind: 'steady' }
    this.#work()
  }

  add({ lsn, xid }: Transaction, change: Change, reason: RotationReason | undefined): void {
    if (this.#state.kind === 'ended' || lsn <= this.#lastLsn) return
    this.#open ??= { lsn, xid, changes: [], reason: undefined, size: 0 }
    this.#open.reason ??= reason
    this.#open.changes.push(change)
    const size = sizeOfChange(change)
    this.#open.size += size
    this.#heldSize += size
    if (this.#heldSize > MAX_HELD_CHARACTERS) this.#fail('move-too-large')
  }

  /** The transaction is through. */
  commit(): void {
    if (!this.#open) return
    this.#lastLsn = this.#open.lsn
    this.#held.push(this.#open)
    this.#open = undefined
    this.#work()
    this.advance(this.#lastLsn)
  }

  /** The transaction will come again from its beginning. */
  interrupt(): void {
    this.#heldSize -= this.#open?.size ?? 0
    this.#open = undefined
  }

  /** Everything up to this position has arrived, of whatever table. */
  advance(position: Lsn): void {
    if (position > this.#streamed) this.#streamed = position
    this.#finishMove()
  }

  end(): void {
    this.#state = { kind: 'ended' }
    this.#held.length = 0
    this.#open = undefined
  }

  #work(): void {
    while (this.#state.kind === 'steady') {
      const next = this.#held[0]
      if (!next) return
      this.#apply(next)
    }
  }

  #apply(transaction: HeldTransaction): void {
    if (this.#join && isSeen(this.#join, transaction)) {
      this.#release(1)
      return
    }
    if (transaction.reason) {
      this.#fail(transaction.reason)
      return
    }
    this.#orFail(() => {
      const after = this.#plan.subqueries.map((subquery, index) =>
        this.#value(index).after(subquery, transaction.changes),
      )
      const moves = this.#values.map((values, index) => values.movesTo(after[index] ?? values))
      if (changesForNull(this.#plan, this.#values, after)) {
        this.#fail('subquery-null')
        return
      }
      if (bringsRows(this.#plan, moves)) {
        this.#startMove()
        return
      }
      const { shape } = this.#options
      const lines = changeLines(shape, transaction, this.#values)
      const move = { moves, rows: [], txids: [transaction.xid] }
      lines.push(...moveLines(shape, after, move, endOf(transaction)))
      this.#values = after
      this.#release(1)
      if (lines.length > 0) this.#options.onLines(lines)
    })
  }

  #startMove(): void {
    this.#state = { kind: 'reading' }
    const isAcceptable = (visibility: SnapshotVisibility) => this.#held.every(({ xid }) => isVisible(visibility, xid))
    this.#options.readMove(this.#values, isAcceptable).then(
      (reading) => {
        if (this.#state.kind !== 'reading') return
        this.#state = { kind: 'catching-up', reading }
        this.#finishMove()
      },
      (error: unknown) => this.#fail(error instanceof MoveTooLargeError ? 'move-too-large' : 'move-failed'),
    )
  }

  #finishMove(): void {
    if (this.#state.kind !== 'catching-up') return
    const { reading } = this.#state
    if (this.#streamed + 1n < withoutPageHeader(reading.join.walPosition)) return
    const seen = this.#held.filter((transaction) => isSeen(reading.join, transaction))
    const isInOrder = this.#held.slice(0, seen.length).every((transaction) => isSeen(reading.join, transaction))
    const last = seen.at(-1)
    // Others see commits in another order than that of the log now and then; a later snapshot sees them all.
    if (!isInOrder || !last) {
      this.#startMove()
      return
    }
    const failed = seen.find(({ reason }) => reason)?.reason
    if (failed) {
      this.#fail(failed)
      return
    }
    if (changesForNull(this.#plan, this.#values, reading.values)) {
      this.#fail('subquery-null')
      return
    }
    this.#orFail(() => {
      const { shape } = this.#options
      const lines = seen.flatMap((transaction) =>
        this.#join && isSeen(this.#join, transaction) ? [] : changeLines(shape, transaction, this.#values),
      )
      const { moves, rows, join } = reading
      const move = { moves, rows, visibility: join.visibility, txids: seen.map(({ xid }) => xid) }
      lines.push(...moveLines(shape, reading.values, move, endOf(last)))
      this.#values = reading.values
      this.#state = { kind: 'steady' }
      this.#release(seen.length)
      if (lines.length > 0) this.#options.onLines(lines)
    })
    this.#work()
  }

  #orFail(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof WhereEvaluationError)) throw error
      this.#fail('where-failed')
    }
  }

  #fail(reason: RotationReason): void {
    if (this.#state.kind === 'ended') return
    this.end()
    this.#options.onFailed(reason)
  }

  #release(count: number): void {
    for (const { size } of this.#held.splice(0, count)) this.#heldSize -= size
  }

  get #plan() {
    return this.#options.shape.plan
  }

  #value(index: number): InnerValues {
    const values = this.#values[index]
    if (!values) throw new TypeError('a subquery without its values')
    return values
  }
}

/** Behind every line that the transaction may have. */
const endOf = ({ lsn, changes }: HeldTransaction) => ({ lsn, op: (changes.at(-1)?.position ?? 0) + 1 })

function withoutPageHeader(position: Lsn): Lsn {
  const inPage = position % PAGE_BYTES
  return inPage <= PAGE_HEADER_BYTES ? position - inPage : position
}

function sizeOfChange(change: Change): number {
  switch (change.kind) {
    case 'insert':
      return sizeOf(change.row)
    case 'update':
      return sizeOf(change.old) + sizeOf(change.row)
    case 'delete':
      return sizeOf(change.old)
    case 'truncate':
      return 0
  }
}
