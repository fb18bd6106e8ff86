import type { Node } from 'libpg-query'
import type { Row } from '../replication/transaction.ts'
import { compileExpression } from './compile-expression.ts'
import { compileTruth } from './compile-logic.ts'
import { compileSubqueryPlan, type InnerSelect } from './compile-subquery-plan.ts'
import type { Pin } from './equalities.ts'
import { pinsOf } from './equalities.ts'
import type { Literal } from './expression.ts'
import type { Scope } from './scope.ts'
import type { SubqueryPlan } from './subquery-plan.ts'

export interface CompiledWhere {
  /** Set for a clause with subqueries, whose rows depend on more than themselves. */
  plan?: SubqueryPlan
  /** Columns that the clause looks at. */
  columns: ReadonlySet<string>
  /** Column to the text that every matching row has in it, as Postgres prints it in the log. */
  equalities: ReadonlyMap<string, string>
  /** Throws a WhereEvaluationError for a row on which Postgres would fail. Not to be asked of a clause with a plan. */
  matches(row: Row): boolean
}

/** A clause whose literals still have to be read. */
export interface UnreadWhere extends Omit<CompiledWhere, 'equalities'> {
  pins: Pin[]
  /** To be given their values before the first row is tested. */
  literals: Literal[]
}

/** Compiles a parsed clause; what is not computed exactly as Postgres does is refused with a WhereError. */
export function compileWhere(
  node: Node,
  surroundings: Omit<Scope, 'usedColumns' | 'literals' | 'compile'>,
  inner: ReadonlyMap<unknown, InnerSelect> = new Map(),
): UnreadWhere {
  const scope: Scope = {
    ...surroundings,
    usedColumns: new Set(),
    literals: [],
    compile: (part) => compileExpression(scope, part),
  }
  const plan = inner.size > 0 ? compileSubqueryPlan(scope, node, inner) : undefined
  const test = plan ? needsPlan : compileTruth(scope, node)
  const pins = pinsOf(scope, node)
  const { usedColumns: columns, literals } = scope
  return { columns, literals, pins, matches: (row) => test(row) === true, ...(plan && { plan }) }
}

function needsPlan(): never {
  throw new TypeError('a clause with subqueries was asked without their values')
}
