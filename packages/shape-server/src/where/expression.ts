import type { Row } from '../replication/transaction.ts'
import type { SqlType } from './sql-type.ts'
import type { Value } from './value.ts'

/** A part of a where clause, ready to be computed for a row. */
export type Expression =
  | {
      kind: 'typed'
      type: SqlType
      evaluate(row: Row): Value
      /** Set for a column as it stands, unless equal values of it may differ in their bytes. */
      column?: string
      /** Set for a literal as it stands. */
      literal?: Literal
    }
  /** A literal whose type is decided by what stands beside it. */
  | { kind: 'untyped'; text: string | null }

export type TypedExpression = Expression & { kind: 'typed' }

/** A literal whose text Postgres is asked to bring into the form in which it prints values of that type. */
export interface Literal {
  text: string
  type: SqlType
  /** Set once, before the first row is evaluated. */
  value: Value
}
