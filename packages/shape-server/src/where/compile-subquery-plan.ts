import type { Node } from 'libpg-query'
import { prepareOperator } from './call-routine.ts'
import { commonCollation } from './coercion.ts'
import { compileTruth } from './compile-logic.ts'
import { effectiveCollation } from './derived-collation.ts'
import { PRINTED_AS_COMPARED } from './equalities.ts'
import { constant, type Scope, type ScopeColumn } from './scope.ts'
import type { Subquery } from './subquery.ts'
import { isSubLink, refuseSubquery, subLinksOf } from './subquery.ts'
import type { Condition, SubqueryPlan } from './subquery-plan.ts'
import { WhereError } from './where-error.ts'

/** Each row carries a word for each alternative, with a part for each condition. */
const MAX_ALTERNATIVES = 16
const MAX_CONDITIONS = 32

export interface InnerSelect {
  subquery: Subquery
  /** The selected column. */
  value: ScopeColumn
}

/** Takes a clause with subqueries apart. `inner` has what stands behind each SubLink of the tree. */
export function compileSubqueryPlan(scope: Scope, node: Node, inner: ReadonlyMap<unknown, InnerSelect>): SubqueryPlan {
  const planner = new Planner(scope, inner)
  const alternatives = planner.alternatives(node, false)
  return { subqueries: planner.subqueries, conditions: planner.conditions, alternatives }
}

class Planner {
  readonly subqueries: Subquery[] = []
  readonly conditions: Condition[] = []
  readonly #scope: Scope
  readonly #inner: ReadonlyMap<unknown, InnerSelect>
  /** Equal parts of the clause are one condition. */
  readonly #places = new Map<string, number>()

  constructor(scope: Scope, inner: ReadonlyMap<unknown, InnerSelect>) {
    this.#scope = scope
    this.#inner = inner
  }

  alternatives(node: Node, isNegated: boolean): number[][] {
    if (subLinksOf(node).length === 0) return [[this.#place(node, isNegated, () => this.#test(node, isNegated))]]
    if (isSubLink(node)) return [[this.#place(node, isNegated, () => this.#membership(node, isNegated))]]
    if (!('BoolExpr' in node)) return refuseSubquery()
    const { boolop, args = [] } = node.BoolExpr
    switch (boolop) {
      case 'NOT_EXPR': {
        const [arg] = args
        return arg ? this.alternatives(arg, !isNegated) : refuseSubquery()
      }
      case 'AND_EXPR':
      case 'OR_EXPR': {
        const parts = args.map((arg) => this.alternatives(arg, isNegated))
        return limited((boolop === 'AND_EXPR') === isNegated ? parts.flat() : product(parts))
      }
      default:
        return refuseSubquery()
    }
  }

  #test(node: Node, isNegated: boolean): Condition {
    const truth = compileTruth(this.#scope, node)
    return { kind: 'test', test: (row) => truth(row) === !isNegated }
  }

  #membership(node: Extract<Node, { SubLink: unknown }>, isNegated: boolean): Condition {
    const { testexpr } = node.SubLink
    const found = this.#inner.get(node.SubLink)
    const left = this.#scope.compile(testexpr)
    if (!found || left.kind !== 'typed' || left.column === undefined) return refuseSubquery()
    const { subquery, value } = found
    const right = { ...constant(value.type, null), collation: value.collation }
    const { source } = prepareOperator(this.#scope, '=', [left, right])
    const { isDeterministic } = effectiveCollation(commonCollation([left, right]), this.#scope.databaseCollation)
    if (!PRINTED_AS_COMPARED.test(source) || !isDeterministic) {
      throw new WhereError(`IN with a subquery is not supported for ${left.type.id} and ${value.type.id}`)
    }
    const index = this.subqueries.push(subquery) - 1
    return { kind: 'subquery', subquery: index, column: left.column, isNegated }
  }

  #place(node: Node, isNegated: boolean, make: () => Condition): number {
    const key = `${isNegated} ${JSON.stringify(node, (name, value) => (name === 'location' ? undefined : value))}`
    const known = this.#places.get(key)
    if (known !== undefined) return known
    if (this.conditions.length >= MAX_CONDITIONS) {
      throw new WhereError(`has more than ${MAX_CONDITIONS} conditions beside subqueries`)
    }
    const place = this.conditions.push(make()) - 1
    this.#places.set(key, place)
    return place
  }
}

const limited = (alternatives: number[][]): number[][] => {
  if (alternatives.length <= MAX_ALTERNATIVES) return alternatives
  throw new WhereError(`has more than ${MAX_ALTERNATIVES} alternatives with subqueries`)
}

/** One of each: `(a OR b) AND c` is `(a AND c) OR (b AND c)`. */
function product(parts: number[][][]): number[][] {
  return parts.reduce<number[][]>(
    (made, part) => limited(made.flatMap((places) => part.map((more) => [...new Set([...places, ...more])]))),
    [[]],
  )
}
