import { isDeepStrictEqual } from 'node:util'
import type { Lsn } from './lsn.ts'
import {
  type OldTuple,
  PgoutputDecodeError,
  type PgoutputMessage,
  type Relation,
  type Tuple,
  UNCHANGED,
} from './pgoutput.ts'

/** Column name to Postgres text. */
export type Row = Record<string, string | null>

/** `position` is the rank within the transaction, in steps of two: a changed key becomes two log entries. */
export type Change = { relation: Relation; position: number } & (
  | { kind: 'insert'; row: Row }
  | { kind: 'update'; old: Row | undefined; row: Row }
  | { kind: 'delete'; old: Row | undefined }
  | { kind: 'truncate' }
)

/**
 * A committed transaction, or a part of one: a large transaction comes in parts, one behind the other, with the same
 * `lsn` and `xid` and positions that go on counting.
 */
export interface Transaction {
  /** Start of the commit record: the same number for every shape, and growing from commit to commit. */
  lsn: Lsn
  /** End of the commit record: what may be acknowledged. Known with the last part; before, it is `lsn`. */
  endLsn: Lsn
  /** 32 bits; see `visibility.ts` for how it compares with the 64 bits of a snapshot. */
  xid: number
  isFirst: boolean
  /** Whether this is the last part. It may have no changes. */
  isComplete: boolean
  changes: Change[]
}

/** How large a part of a transaction may become before it is handed over. */
export interface PartLimits {
  changes: number
  /** In characters of values; one row may be larger. */
  size: number
}

const PART_LIMITS: PartLimits = { changes: 1_000, size: 1_000_000 }

interface OpenTransaction {
  lsn: Lsn
  xid: number
  isFirst: boolean
  position: number
  changes: Change[]
  size: number
}

/**
 * Collects the messages of a replication stream into transactions, large ones in parts. Only what is committed is sent,
 * so a part may be worked on before the rest is there.
 */
export class TransactionAssembler {
  readonly #relations = new Map<number, Relation>()
  readonly #limits: PartLimits
  #open: OpenTransaction | undefined

  constructor(limits = PART_LIMITS) {
    this.#limits = limits
  }

  /** Whether a transaction has begun that is not complete. */
  get isOpen(): boolean {
    return this.#open !== undefined
  }

  /** Returns the transaction, or the part of one, that this message completes. */
  feed(message: PgoutputMessage): Transaction | undefined {
    switch (message.kind) {
      case 'begin': {
        const { commitLsn: lsn, xid } = message
        this.#open = { lsn, xid, isFirst: true, position: 0, changes: [], size: 0 }
        return undefined
      }
      case 'commit': {
        const { lsn, xid, isFirst, changes } = this.#current()
        this.#open = undefined
        return { lsn, endLsn: message.endLsn, xid, isFirst, isComplete: true, changes }
      }
      case 'relation':
        // Postgres repeats a description now and then; only another one is looked at by all shapes of the table.
        if (!isDeepStrictEqual(message.relation, this.#relations.get(message.relation.oid))) {
          this.#relations.set(message.relation.oid, message.relation)
        }
        return undefined
      case 'insert': {
        const relation = this.#relation(message.relationOid)
        this.#add({ kind: 'insert', relation, position: this.#next(), row: toRow(relation, message.row) })
        return this.#takeLargePart()
      }
      case 'update': {
        const relation = this.#relation(message.relationOid)
        const old = toWholeRow(relation, message.old)
        this.#add({ kind: 'update', relation, position: this.#next(), old, row: toRow(relation, message.row, old) })
        return this.#takeLargePart()
      }
      case 'delete': {
        const relation = this.#relation(message.relationOid)
        this.#add({ kind: 'delete', relation, position: this.#next(), old: toWholeRow(relation, message.old) })
        return this.#takeLargePart()
      }
      case 'truncate':
        for (const oid of message.relationOids) {
          this.#add({ kind: 'truncate', relation: this.#relation(oid), position: this.#next() })
        }
        return this.#takeLargePart()
      case 'ignored':
        return undefined
    }
  }

  #current(): OpenTransaction {
    if (!this.#open) throw new PgoutputDecodeError('a change outside of a transaction')
    return this.#open
  }

  #next(): number {
    const open = this.#current()
    const { position } = open
    open.position += 2
    return position
  }

  #add(change: Change): void {
    const open = this.#current()
    open.changes.push(change)
    open.size += sizeOf(change)
  }

  #takeLargePart(): Transaction | undefined {
    const open = this.#current()
    if (open.changes.length < this.#limits.changes && open.size < this.#limits.size) return undefined
    const { lsn, xid, isFirst, changes } = open
    this.#open = { ...open, isFirst: false, changes: [], size: 0 }
    return { lsn, endLsn: lsn, xid, isFirst, isComplete: false, changes }
  }

  #relation(oid: number): Relation {
    const relation = this.#relations.get(oid)
    if (!relation) throw new PgoutputDecodeError(`a change of relation ${oid} that was not described before`)
    return relation
  }
}

function toWholeRow(relation: Relation, old: OldTuple | undefined): Row | undefined {
  return old?.isWhole ? toRow(relation, old.values) : undefined
}

function toRow(relation: Relation, tuple: Tuple, old?: Row): Row {
  const row: Row = Object.create(null)
  for (const [index, { name }] of relation.columns.entries()) {
    const value = tuple[index]
    // A value left out is the old one, which REPLICA IDENTITY FULL has sent whole.
    row[name] = value === UNCHANGED ? (old?.[name] ?? null) : (value ?? null)
  }
  return row
}

/** Characters of all values: what a change costs in memory, near enough. */
function sizeOf(change: Change): number {
  switch (change.kind) {
    case 'insert':
      return sizeOfRow(change.row)
    case 'update':
      return sizeOfRow(change.row) + sizeOfRow(change.old)
    case 'delete':
      return sizeOfRow(change.old)
    case 'truncate':
      return 0
  }
}

function sizeOfRow(row: Row | undefined): number {
  let size = 0
  for (const name in row) size += row[name]?.length ?? 0
  return size
}
