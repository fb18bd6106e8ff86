import type { Node } from 'libpg-query'
import type { Collation } from '../catalog/collation.ts'
import type { DerivedCollation } from './derived-collation.ts'
import { NO_COLLATION } from './derived-collation.ts'
import type { Expression, Literal, TypedExpression } from './expression.ts'
import { builtinType, type SqlType } from './sql-type.ts'
import type { TypeConversion } from './type-conversion.ts'
import type { Value } from './value.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

export interface ScopeColumn {
  type: SqlType
  collation: DerivedCollation
}

/** What the parts of one clause share while it is compiled. */
export interface Scope {
  conversion: TypeConversion
  columns: ReadonlyMap<string, ScopeColumn>
  /** Of the types that do not come with Postgres, by id. */
  ownTypes: ReadonlyMap<string, SqlType>
  databaseCollation: Collation
  /** Grows with every column that the clause looks at. */
  usedColumns: Set<string>
  /** Grows with every literal; all are read before the first row. */
  literals: Literal[]
  compile(node: Node | undefined): Expression
}

export const typeById = (scope: Scope, id: string): SqlType => scope.ownTypes.get(id) ?? builtinType(id)

export const constant = (type: SqlType, value: Value): TypedExpression => ({
  kind: 'typed',
  type,
  collation: NO_COLLATION,
  evaluate: () => value,
  isConstant: true,
})

/** See `TypedExpression.isAlwaysNull`. */
export function isAlwaysNull(expression: TypedExpression): boolean {
  if (expression.isAlwaysNull?.()) return true
  if (!expression.isConstant) return false
  try {
    return expression.evaluate({}) === null
  } catch (error) {
    if (error instanceof WhereEvaluationError) return false
    throw error
  }
}
