import type { SubqueryPlan, ValueSet } from '../../where/subquery-plan.ts'
import type { ValueMoves } from './inner-values.ts'

/** Whether rows may belong to the shape now of which no change tells. Where a subquery is negated, what goes brings them. */
export function bringsRows({ conditions }: SubqueryPlan, moves: readonly ValueMoves[]): boolean {
  return conditions.some((condition) => {
    if (condition.kind !== 'subquery') return false
    const { added = [], removed = [] } = moves[condition.subquery] ?? {}
    return (condition.isNegated ? removed : added).length > 0
  })
}

/** NOT IN is never true beside a NULL, and always of nothing: then it is not single values that come or go. */
export function changesForNull(
  { conditions }: SubqueryPlan,
  before: readonly ValueSet[],
  after: readonly ValueSet[],
): boolean {
  return conditions.some((condition) => {
    if (condition.kind !== 'subquery' || !condition.isNegated) return false
    const [was, is] = [before[condition.subquery], after[condition.subquery]]
    return was !== undefined && is !== undefined && (was.hasNull !== is.hasNull || was.isEmpty !== is.isEmpty)
  })
}
