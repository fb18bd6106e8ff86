import type { Collation } from '../catalog/collation.ts'
import type { SqlType } from './sql-type.ts'
import type { Value } from './value.ts'
import { WhereError } from './where-error.ts'

/** What is known of a call before any row. */
export interface Call {
  /** Types of the arguments after their conversion; an array's where the routine takes any. */
  types: readonly SqlType[]
  /** Of the texts among the arguments. Throws a WhereError when they do not agree. */
  collation(): Collation
  /** The text of an argument that is a plain literal. */
  literalText(index: number): string | undefined
}

/** Prepares a call and returns what computes it. NULL among the arguments of a strict routine never arrives. */
export type Implementation = (call: Call) => (...args: never[]) => Value

/** By the name that the function has within Postgres. */
export type Implementations = Record<string, Implementation>

/** A routine that needs to know nothing of its call. */
export const plain =
  (compute: (...args: never[]) => Value): Implementation =>
  () =>
    compute

const COMPARISONS: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
}

/** The six comparisons, named by `name('eq')` and so on, from one that is negative, zero or positive. */
export function comparisons<A extends Value, B extends Value>(
  name: (operator: string) => string,
  compare: (a: A, b: B) => number,
): Implementations {
  return Object.fromEntries(
    Object.entries(COMPARISONS).map(([operator, test]) => [name(operator), plain((a: A, b: B) => test(compare(a, b)))]),
  )
}

export const inOrder = (a: bigint | string, b: bigint | string) => (a === b ? 0 : a < b ? -1 : 1)

export function refuse(message: string): never {
  throw new WhereError(message)
}
