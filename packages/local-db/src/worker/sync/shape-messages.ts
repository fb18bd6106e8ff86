import type { Message, Offset, Row } from '@electric-sql/client'

/** A value as Postgres prints it. The store hands it to Postgres unread: nothing in between can change it. */
export type PostgresText = string | null
export type SyncedRow = Record<string, PostgresText>
export type ShapeMessage = Message<Row<unknown>>

/** Where a stream of a shape stands: the next request of it asks from here. */
export interface ShapePlace {
  handle: string
  offset: Offset
}

export interface RowChange {
  operation: 'insert' | 'update' | 'delete'
  row: SyncedRow
  /** Whether it is a row of the snapshot, and not of the log. */
  isSnapshot: boolean
  /** Last of its transaction in this shape. */
  isLast: boolean
  /** Where to go on after it; absent for a row of the snapshot. */
  offset: Offset | undefined
  txids: readonly number[]
}

/** The server sent something that no shape holds. */
export class ShapeMessageError extends Error {
  override name = 'ShapeMessageError'
}

export function readRowChange(message: ShapeMessage): RowChange | undefined {
  const headers: Record<string, unknown> = message.headers
  const { operation, lsn, op_position: position, last, txids } = headers
  if (operation !== 'insert' && operation !== 'update' && operation !== 'delete') return undefined
  const row: unknown = 'value' in message ? message.value : undefined
  if (typeof row !== 'object' || row === null) throw new ShapeMessageError(`a change (${operation}) without a row`)
  return {
    operation,
    row: row as SyncedRow,
    isSnapshot: lsn === undefined,
    isLast: last === true,
    offset: typeof lsn === 'string' ? (`${lsn}_${Number(position ?? 0)}` as Offset) : undefined,
    txids: Array.isArray(txids) ? txids.map(Number).filter(Number.isSafeInteger) : [],
  }
}

/** Which transactions a snapshot saw. */
export interface SnapshotVisibility {
  xmin: string
  xmax: string
  xip: string[]
}

export function readSnapshotEnd(message: ShapeMessage): SnapshotVisibility | undefined {
  const headers: Record<string, unknown> = message.headers
  if (headers.control !== 'snapshot-end') return undefined
  const { xmin, xmax, xip_list: xip } = headers
  return isXid(xmin) && isXid(xmax) && Array.isArray(xip) && xip.every(isXid)
    ? { xmin: String(xmin), xmax: String(xmax), xip: xip.map(String) }
    : undefined
}

const isXid = (value: unknown) => /^\d{1,19}$/.test(String(value))

export function isUpToDate(message: ShapeMessage): boolean {
  return 'control' in message.headers && message.headers.control === 'up-to-date'
}
