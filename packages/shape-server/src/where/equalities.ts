import type { Node } from 'libpg-query'
import { prepareOperator } from './call-routine.ts'
import { coerce } from './coercion.ts'
import { effectiveCollation } from './derived-collation.ts'
import type { TypedExpression } from './expression.ts'
import type { Scope } from './scope.ts'
import type { SqlType } from './sql-type.ts'
import { subLinksOf } from './subquery.ts'
import { names } from './syntax-tree.ts'
import type { Value } from './value.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

/** A column that stands beside a constant in `column = constant`. */
export interface Pin {
  column: string
  constant: TypedExpression
}

/** Equal values of these print the same text; numbers with fractions do not, whose scale shows, nor do moments. */
export const PRINTED_AS_COMPARED = /^(int\d+eq|booleq|uuid_eq|texteq|enum_eq)$/

/** The pins among the parts of a clause that must all be true. */
export function pinsOf(scope: Scope, node: Node): Pin[] {
  if (subLinksOf(node).length > 0 && !('BoolExpr' in node)) return []
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') {
    return (node.BoolExpr.args ?? []).flatMap((part) => pinsOf(scope, part))
  }
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || names(node.A_Expr.name).join('.') !== '=') return []
  const args = [scope.compile(node.A_Expr.lexpr), scope.compile(node.A_Expr.rexpr)]
  const { source, argTypes } = prepareOperator(scope, '=', args)
  if (!PRINTED_AS_COMPARED.test(source)) return []
  const [left, right] = args.map((arg, index) => coerce(scope, arg, argTypes[index] as SqlType)) as [
    TypedExpression,
    TypedExpression,
  ]
  return [pin(scope, left, right), pin(scope, right, left)].flatMap((found) => found ?? [])
}

function pin(scope: Scope, { column, collation }: TypedExpression, constant: TypedExpression): Pin | undefined {
  if (column === undefined || !constant.isConstant) return undefined
  const { isDeterministic } = effectiveCollation(collation, scope.databaseCollation)
  return isDeterministic ? { column, constant } : undefined
}

/** Column to the text that every matching row has in it, as Postgres prints it in the log. */
export function equalities(pins: readonly Pin[]): ReadonlyMap<string, string> {
  return new Map(
    pins.flatMap(({ column, constant }) => {
      const value = constantValue(constant)
      return value === null ? [] : [[column, printed(value)] as const]
    }),
  )
}

function constantValue({ evaluate }: TypedExpression): Value {
  try {
    return evaluate({})
  } catch (error) {
    // Then no row can be tested, and the error comes with the first one.
    if (error instanceof WhereEvaluationError) return null
    throw error
  }
}

const printed = (value: unknown) => (typeof value === 'boolean' ? (value ? 't' : 'f') : String(value))
