import { type Call, type Implementation, type Implementations, inOrder, refuse } from '../routine.ts'
import type { EnumType } from '../sql-type.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'

/** By the order of the labels, which is not that of their letters. A label that came later has no known place. */
export function enumOrder({ labels, sql }: EnumType): (a: string, b: string) => number {
  const ranks = new Map(labels.map((label, rank) => [label, BigInt(rank)]))
  const rank = (label: string) => {
    const known = ranks.get(label)
    if (known === undefined) throw new WhereEvaluationError(`${sql} has the new label ${JSON.stringify(label)}`)
    return known
  }
  return (a, b) => inOrder(rank(a), rank(b))
}

const ordered =
  (test: (order: number) => boolean): Implementation =>
  (call: Call) => {
    const [type] = call.types
    if (type?.kind !== 'enum') return refuse('this comparison of enums is not supported')
    const compare = enumOrder(type)
    return (a: string, b: string) => test(compare(a, b))
  }

export const ENUMS: Implementations = {
  enum_eq: () => (a: string, b: string) => a === b,
  enum_ne: () => (a: string, b: string) => a !== b,
  enum_lt: ordered((order) => order < 0),
  enum_le: ordered((order) => order <= 0),
  enum_gt: ordered((order) => order > 0),
  enum_ge: ordered((order) => order >= 0),
}
