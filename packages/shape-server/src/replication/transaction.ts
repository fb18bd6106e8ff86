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

export interface Transaction {
  /** Start of the commit record: the same number for every shape, and growing from commit to commit. */
  lsn: Lsn
  /** End of the commit record: what may be acknowledged. */
  endLsn: Lsn
  /** 32 bits; see `visibility.ts` for how it compares with the 64 bits of a snapshot. */
  xid: number
  changes: Change[]
}

/** Collects the messages of a replication stream into whole transactions. */
export class TransactionAssembler {
  readonly #relations = new Map<number, Relation>()
  #open: Transaction | undefined

  /** Returns the transaction that this message completes. */
  feed(message: PgoutputMessage): Transaction | undefined {
    switch (message.kind) {
      case 'begin':
        this.#open = { lsn: message.commitLsn, endLsn: message.commitLsn, xid: message.xid, changes: [] }
        return undefined
      case 'commit': {
        const transaction = this.#current()
        this.#open = undefined
        return { ...transaction, endLsn: message.endLsn }
      }
      case 'relation':
        this.#relations.set(message.relation.oid, message.relation)
        return undefined
      case 'insert': {
        const relation = this.#relation(message.relationOid)
        this.#add({ kind: 'insert', relation, position: this.#next(), row: toRow(relation, message.row) })
        return undefined
      }
      case 'update': {
        const relation = this.#relation(message.relationOid)
        const old = toWholeRow(relation, message.old)
        this.#add({ kind: 'update', relation, position: this.#next(), old, row: toRow(relation, message.row, old) })
        return undefined
      }
      case 'delete': {
        const relation = this.#relation(message.relationOid)
        this.#add({ kind: 'delete', relation, position: this.#next(), old: toWholeRow(relation, message.old) })
        return undefined
      }
      case 'truncate':
        for (const oid of message.relationOids) {
          this.#add({ kind: 'truncate', relation: this.#relation(oid), position: this.#next() })
        }
        return undefined
      case 'ignored':
        return undefined
    }
  }

  #current(): Transaction {
    if (!this.#open) throw new PgoutputDecodeError('a change outside of a transaction')
    return this.#open
  }

  #next(): number {
    return this.#current().changes.length * 2
  }

  #add(change: Change): void {
    this.#current().changes.push(change)
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
