import type { PGliteInterface, Transaction } from '@electric-sql/pglite'
import { keepWalSmall } from '../keep-wal-small.ts'
import { applyChanges } from './apply-changes.ts'
import { commitUnflushed } from './commit-unflushed.ts'
import { copyRows } from './copy-rows.ts'
import { foldChanges } from './fold-changes.ts'
import { beginRefetch, endRefetch } from './refetch.ts'
import { noteSeenTxids, noteSnapshot, pruneSeenTxids } from './seen-txids.ts'
import {
  isUpToDate,
  type RowChange,
  readRowChange,
  readSnapshotEnd,
  type ShapeMessage,
  type ShapePlace,
  type SnapshotVisibility,
} from './shape-messages.ts'
import { readPosition, writePosition } from './shape-position.ts'
import { describeTable, type SyncedTable } from './synced-table.ts'

export interface Stored {
  /** Rows of the snapshot that this answer brought. */
  rows: number
  /** Whether the table now has everything. */
  isUpToDate: boolean
  /** Whether rows changed since the shape was last up to date. */
  hasNews: boolean
}

/** A first sync that goes on is flushed after this time, and then after as many times what a flush took. */
const FLUSH_AFTER_MS = 10_000
const FLUSH_SHARE = 10

/**
 * Stores the answers of one run of a stream, each in one transaction with the place where the stream goes on.
 *
 *   nothing stored, table empty ──► filling     each answer is in the table at once: a first sync shows what it has, and
 *                                      │        goes on where it was cut off
 *   anything else that begins anew ─► collecting  answers are collected aside; the table changes when all are there
 *                                      │ up to date
 *   stored position ───────────────► following  a transaction of the server is stored whole or not at all
 */
export class ShapeStore {
  readonly #pg: PGliteInterface
  readonly #shape: string
  readonly #table: SyncedTable
  /** Where rows are collected until the table can be replaced; null where they go into the table itself. */
  #collected: SyncedTable | null
  #isComplete: boolean
  #snapshot: SnapshotVisibility | undefined
  /** Changes of a transaction that the next answer goes on with. */
  #pending: RowChange[] = []
  /** Transactions whose changes are collected, and not yet in the table. */
  #txids = new Set<number>()
  #commits = 0
  #nextFlushAtMs = Date.now() + FLUSH_AFTER_MS
  /** Where the stream begins; null for its very beginning. */
  readonly place: ShapePlace | null
  /** Whether readers see a table that has never been whole. */
  readonly isFirst: boolean

  private constructor(
    pg: PGliteInterface,
    shape: string,
    table: SyncedTable,
    begin: { place: ShapePlace | null; isComplete: boolean; isFirst: boolean; collected: SyncedTable | null },
  ) {
    this.#pg = pg
    this.#shape = shape
    this.#table = table
    this.place = begin.place
    this.isFirst = begin.isFirst
    this.#isComplete = begin.isComplete
    this.#collected = begin.collected
  }

  static async open(
    pg: PGliteInterface,
    shape: string,
    tableName: string,
    { isFresh }: { isFresh: boolean },
  ): Promise<ShapeStore> {
    const table = await describeTable(pg, tableName)
    const position = await readPosition(pg, shape)
    const hasNewColumns = position !== null && table.columns.some(({ name }) => !position.columns.includes(name))
    const isFirst = !position?.isComplete
    if (position && !isFresh && !hasNewColumns) {
      return new ShapeStore(pg, shape, table, {
        place: position,
        isComplete: position.isComplete,
        isFirst,
        collected: null,
      })
    }
    const { rows } = await pg.query(`SELECT FROM ${table.sql} LIMIT 1`)
    const collected = rows.length === 0 ? null : await beginRefetch(pg, table)
    return new ShapeStore(pg, shape, table, { place: null, isComplete: false, isFirst, collected })
  }

  /** @throws what the database says of the rows; nothing of the answer is stored then, and the run is over. */
  async take(messages: readonly ShapeMessage[], place: ShapePlace): Promise<Stored> {
    const changes = this.#pending
    const snapshotRows: RowChange['row'][] = []
    let hasEnd = false
    for (const message of messages) {
      this.#snapshot = readSnapshotEnd(message) ?? this.#snapshot
      hasEnd ||= isUpToDate(message)
      const change = readRowChange(message)
      if (change?.isSnapshot && !this.#isComplete) snapshotRows.push(change.row)
      else if (change) changes.push(change)
    }
    const isWhole = hasEnd || snapshotRows.length > 0
    const whole = isWhole ? changes.length : changes.findLastIndex(({ isLast }) => isLast) + 1
    this.#pending = changes.slice(whole)
    const storedPlace = this.#pending.length === 0 ? place : placeAfter(changes[whole - 1], place)
    if (storedPlace) await this.#commit(snapshotRows, changes.slice(0, whole), storedPlace, hasEnd)
    return { rows: snapshotRows.length, isUpToDate: hasEnd, hasNews: whole > 0 || snapshotRows.length > 0 }
  }

  async #commit(rows: RowChange['row'][], changes: RowChange[], place: ShapePlace, hasEnd: boolean): Promise<void> {
    const target = this.#collected ?? this.#table
    for (const { txids } of changes) for (const txid of txids) this.#txids.add(txid)
    const isShown = this.#collected === null || hasEnd
    await this.#transaction(hasEnd || this.#isComplete, async (tx) => {
      await keepWalSmall(tx)
      await copyRows(tx, target, rows)
      await applyChanges(tx, target, foldChanges(this.#table.primaryKey, changes))
      if (!isShown) return
      if (this.#collected) await endRefetch(tx, this.#table, this.#collected)
      await this.#notePlace(tx, place, hasEnd)
    })
    if (!isShown) return
    this.#txids.clear()
    this.#snapshot = undefined
    this.#collected = null
    this.#isComplete ||= hasEnd
    this.#commits += 1
  }

  async #transaction(isDurable: boolean, work: (tx: Transaction) => Promise<void>): Promise<void> {
    if (isDurable) return this.#pg.transaction(work)
    await commitUnflushed(this.#pg, work)
    // What is collected aside begins anew after a crash, so there is nothing to keep.
    if (this.#collected || Date.now() < this.#nextFlushAtMs) return
    const startedAtMs = Date.now()
    await this.#pg.syncToFs()
    this.#nextFlushAtMs = Date.now() + FLUSH_SHARE * (Date.now() - startedAtMs)
  }

  async #notePlace(tx: Transaction, place: ShapePlace, hasEnd: boolean): Promise<void> {
    if (this.#snapshot) await noteSnapshot(tx, this.#shape, this.#snapshot)
    await noteSeenTxids(tx, this.#shape, this.#txids)
    if (this.#commits % 100 === 0) await pruneSeenTxids(tx, this.#shape)
    const columns = this.#table.columns.map(({ name }) => name)
    await writePosition(tx, this.#shape, { ...place, columns, isComplete: this.#isComplete || hasEnd })
  }
}

/** Where to go on after a change; nowhere when there is none. */
function placeAfter(change: RowChange | undefined, { handle }: ShapePlace): ShapePlace | undefined {
  return change?.offset === undefined ? undefined : { handle, offset: change.offset }
}
