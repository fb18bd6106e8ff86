import type { Row } from '../replication/transaction.ts'
import type { Subquery } from './subquery.ts'

/** A part of a clause that is true or not for a row, without AND, OR or NOT around a subquery in it. */
export type Condition =
  | {
      kind: 'subquery'
      /** Which of the plan's. */
      subquery: number
      /** Of the outer table. */
      column: string
      isNegated: boolean
    }
  /** Throws a WhereEvaluationError. */
  | { kind: 'test'; test(row: Row): boolean }

/** A clause with subqueries as alternatives, each of which holds when all its conditions do. */
export interface SubqueryPlan {
  subqueries: Subquery[]
  conditions: Condition[]
  /** Of each alternative, the places of its conditions. */
  alternatives: number[][]
}

/** What a subquery selects at some moment; values as Postgres prints them. */
export interface ValueSet {
  has(value: string): boolean
  hasNull: boolean
  isEmpty: boolean
}

/** Which of the conditions hold for a row. Throws a WhereEvaluationError. */
export function conditionsOf(plan: SubqueryPlan, row: Row, sets: readonly ValueSet[]): boolean[] {
  const isMet = (condition: Condition): boolean => {
    switch (condition.kind) {
      case 'test':
        return condition.test(row)
      case 'subquery': {
        const set = sets[condition.subquery]
        if (!set) throw new TypeError('a subquery without its values')
        const value = row[condition.column] ?? null
        if (condition.isNegated) return set.isEmpty || (value !== null && !set.hasNull && !set.has(value))
        return value !== null && set.has(value)
      }
    }
  }
  return plan.conditions.map(isMet)
}

export const holds = ({ alternatives }: SubqueryPlan, conditions: readonly boolean[]): boolean =>
  alternatives.some((places) => places.every((place) => conditions[place]))
