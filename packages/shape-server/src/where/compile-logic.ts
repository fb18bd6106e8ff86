import type { Node } from 'libpg-query'
import type { Row } from '../replication/transaction.ts'
import { coerce } from './coercion.ts'
import { NO_COLLATION } from './derived-collation.ts'
import type { TypedExpression } from './expression.ts'
import type { Scope } from './scope.ts'
import { BOOL, TEXT } from './sql-type.ts'
import type { NodeOf } from './syntax-tree.ts'
import { allOf, anyOf, not, TRUTH_TESTS, type Truth } from './three-valued.ts'
import { WhereError } from './where-error.ts'

export type Test = (row: Row) => Truth

/** An expression that is true, false or unknown for a row. */
export const predicate = (evaluate: Test, isConstant = false): TypedExpression => ({
  kind: 'typed',
  type: BOOL,
  collation: NO_COLLATION,
  evaluate,
  isConstant,
})

/** A part that must be a boolean. */
export function compileTruth(scope: Scope, node: Node | undefined): Test {
  const expression = scope.compile(node)
  const isBoolean = expression.kind === 'untyped' || expression.type.id === 'bool'
  if (!isBoolean) throw new WhereError('WHERE clause must return a boolean')
  const { evaluate } = coerce(scope, expression, BOOL)
  return (row) => evaluate(row) as Truth
}

export function compileBooleanExpression(scope: Scope, { boolop, args }: NodeOf<'BoolExpr'>): TypedExpression {
  const tests = (args ?? []).map((arg) => compileTruth(scope, arg))
  switch (boolop) {
    case 'AND_EXPR':
      return predicate((row) => allOf(tests, (test) => test(row)))
    case 'OR_EXPR':
      return predicate((row) => anyOf(tests, (test) => test(row)))
    case 'NOT_EXPR': {
      const [test] = tests
      if (test) return predicate((row) => not(test(row)))
    }
  }
  throw new WhereError(`unsupported operator ${boolop}`)
}

export function compileNullTest(scope: Scope, { arg, nulltesttype }: NodeOf<'NullTest'>): TypedExpression {
  const { evaluate } = coerceLiteral(scope, arg)
  const expectsNull = nulltesttype === 'IS_NULL'
  return predicate((row) => (evaluate(row) === null) === expectsNull)
}

function coerceLiteral(scope: Scope, node: Node | undefined): TypedExpression {
  const expression = scope.compile(node)
  return expression.kind === 'typed' ? expression : coerce(scope, expression, TEXT)
}

export function compileBooleanTest(scope: Scope, { arg, booltesttype }: NodeOf<'BooleanTest'>): TypedExpression {
  const truth = compileTruth(scope, arg)
  const test = TRUTH_TESTS[booltesttype ?? '']
  if (!test) throw new WhereError(`unsupported test ${booltesttype}`)
  return predicate((row) => test(truth(row)))
}
