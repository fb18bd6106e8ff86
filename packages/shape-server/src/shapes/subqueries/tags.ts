import { createHash } from 'node:crypto'
import type { Row } from '../../replication/transaction.ts'
import { conditionsOf, type SubqueryPlan, type ValueSet } from '../../where/subquery-plan.ts'

/** Why a row belongs to the shape, as its messages say it. */
export interface RowReasons {
  /** One for each alternative: a part for each condition, empty where the alternative does not ask for it. */
  tags: string[]
  active_conditions: boolean[]
}

/** Opaque to clients, and another one in another incarnation of the shape. */
export function valueHash(handle: string, value: string | null): string {
  return createHash('md5')
    .update(value === null ? `${handle} null` : `${handle} value ${value}`)
    .digest('hex')
}

/** Throws a WhereEvaluationError. */
export function reasonsOf(plan: SubqueryPlan, handle: string, row: Row, sets: readonly ValueSet[]): RowReasons {
  return { tags: tagsOf(plan, handle, row), active_conditions: conditionsOf(plan, row, sets) }
}

export function tagsOf({ conditions, alternatives }: SubqueryPlan, handle: string, row: Row): string[] {
  return alternatives.map((places) =>
    conditions
      .map((condition, place) => {
        if (!places.includes(place)) return ''
        return condition.kind === 'test' ? '1' : valueHash(handle, row[condition.column] ?? null)
      })
      .join('/'),
  )
}
