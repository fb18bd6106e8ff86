import type { Collation } from '../catalog/collation.ts'
import { WhereError } from './where-error.ts'

/** Where the collation of a text comes from: COLLATE wins over a column's own, that over the database's. */
export type DerivedCollation =
  | { strength: 'none' | 'default' | 'conflict' }
  | { strength: 'implicit' | 'explicit'; collation: Collation }

export const NO_COLLATION: DerivedCollation = { strength: 'none' }
export const DEFAULT_COLLATION: DerivedCollation = { strength: 'default' }

const RANKS = { none: 0, default: 1, implicit: 2, conflict: 2, explicit: 3 }

/** The collation of what is made from these. */
export function combineCollations(parts: readonly DerivedCollation[]): DerivedCollation {
  return parts.reduce((a, b) => {
    if (RANKS[a.strength] !== RANKS[b.strength]) return RANKS[a.strength] > RANKS[b.strength] ? a : b
    if (!('collation' in a) || !('collation' in b)) return 'collation' in a ? b : a
    return JSON.stringify(a.collation) === JSON.stringify(b.collation) ? a : { strength: 'conflict' }
  }, NO_COLLATION)
}

/** Throws a WhereError when the parts do not agree. */
export function effectiveCollation(derived: DerivedCollation, database: Collation): Collation {
  switch (derived.strength) {
    case 'implicit':
    case 'explicit':
      return derived.collation
    case 'none':
    case 'default':
      return database
    case 'conflict':
      throw new WhereError('could not determine which collation to use')
  }
}
