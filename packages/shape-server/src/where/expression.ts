import type { Row } from '../replication/transaction.ts'
import type { DerivedCollation } from './derived-collation.ts'
import type { SqlType } from './sql-type.ts'
import type { Value } from './value.ts'

/** A part of a where clause, ready to be computed for a row. */
export type Expression = TypedExpression | UntypedLiteral

export interface TypedExpression {
  kind: 'typed'
  type: SqlType
  collation: DerivedCollation
  /** Throws a WhereEvaluationError where Postgres would fail. */
  evaluate(row: Row): Value
  /** Whether it is the same for every row. */
  isConstant: boolean
  /**
   * Whether it is NULL whatever the row, in a way that Postgres sees before there are rows and then computes nothing
   * beside it. Asked only after literals were read; a constant that says nothing is looked at.
   */
  isAlwaysNull?(): boolean
  /** Set for a column as it stands. */
  column?: string
  /** The text of a literal as it stands. */
  literalText?: string
}

/** A literal in quotes, whose type is decided by what stands beside it; NULL too. */
export interface UntypedLiteral {
  kind: 'untyped'
  text: string | null
}

/** A literal whose text Postgres is asked to bring into the form in which it prints values of that type. */
export interface Literal {
  text: string
  type: SqlType
  /** As it stands in the cast, for instance `numeric(5,2)`. */
  castSql: string
  /** Set once, before the first row is evaluated. */
  value: Value
}
