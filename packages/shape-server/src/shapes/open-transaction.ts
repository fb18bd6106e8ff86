import type { TableName } from '../catalog/identifier.ts'
import type { Lsn } from '../replication/lsn.ts'
import type { Change, Transaction } from '../replication/transaction.ts'
import type { LogLine } from '../storage/log-line.ts'
import type { ShapeDefinition } from './definition.ts'
import { type RowChange, rowChanges } from './row-changes.ts'

/** What a transaction adds to one shape's log, while its parts arrive. */
export class OpenTransaction {
  readonly lsn: Lsn
  readonly xid: number
  readonly #definition: ShapeDefinition
  /** The last change so far: only the end of the transaction tells whether it is the last one. */
  #heldBack: RowChange | undefined
  #lines: LogLine[] = []
  #size = 0

  constructor(definition: ShapeDefinition, { lsn, xid }: Transaction) {
    this.#definition = definition
    this.lsn = lsn
    this.xid = xid
  }

  /** Characters of JSON so far. */
  get size(): number {
    return this.#size
  }

  /** Throws a WhereEvaluationError. */
  add(change: Exclude<Change, { kind: 'truncate' }>): void {
    for (const rowChange of rowChanges(this.#definition, change)) {
      this.#push(false)
      this.#heldBack = rowChange
    }
  }

  /** The lines there are, to be followed by others. */
  takeLines(): LogLine[] {
    const lines = this.#lines
    this.#lines = []
    return lines
  }

  /** The rest of the lines, the last one marked as such. */
  close(): LogLine[] {
    this.#push(true)
    return this.takeLines()
  }

  #push(isLast: boolean): void {
    if (!this.#heldBack) return
    const json = JSON.stringify(changeMessage(this.#definition.table, this, this.#heldBack, isLast))
    this.#lines.push({ offset: { lsn: this.lsn, op: this.#heldBack.position }, json, isLast })
    this.#size += json.length
    this.#heldBack = undefined
  }
}

/** A change as clients get it. `headers` come on top of what every change has. */
export function changeMessage(
  { schema, table }: TableName,
  { lsn, xid }: { lsn: Lsn; xid: number },
  { key, value, operation, oldValue, keyChange, position }: RowChange,
  isLast: boolean,
  headers: object = {},
) {
  return {
    key,
    value,
    ...(oldValue && { old_value: oldValue }),
    headers: {
      operation,
      relation: [schema, table],
      ...keyChange,
      ...headers,
      lsn: String(lsn),
      op_position: position,
      txids: [xid],
      ...(isLast && { last: true }),
    },
  }
}
