import type { Change, Row } from '../../replication/transaction.ts'
import type { Subquery } from '../../where/subquery.ts'
import type { ValueSet } from '../../where/subquery-plan.ts'

/** The values that a subquery selects, and how many rows select each; NULL is one of them. */
export type ValueCounts = ReadonlyMap<string | null, number>

/** Values that came and went, NULL not counted. */
export interface ValueMoves {
  added: string[]
  removed: string[]
}

/** What a subquery selects, as the changes of its table have made it. */
export class InnerValues implements ValueSet {
  readonly #counts: Map<string | null, number>

  constructor(counts: ValueCounts) {
    this.#counts = new Map(counts)
  }

  has(value: string): boolean {
    return this.#counts.has(value)
  }

  get hasNull(): boolean {
    return this.#counts.has(null)
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  get size(): number {
    return this.#counts.size
  }

  /** The values after these changes, this one staying as it is. Throws a WhereEvaluationError. */
  after(subquery: Subquery, changes: readonly Change[]): InnerValues {
    const differences = new Map<string | null, number>()
    const count = (row: Row | undefined, by: number) => {
      if (!row || (subquery.where && !subquery.where.matches(row))) return
      const value = row[subquery.column] ?? null
      differences.set(value, (differences.get(value) ?? 0) + by)
    }
    for (const change of changes) {
      if (change.relation.oid !== subquery.table.oid || change.kind === 'truncate') continue
      if (change.kind !== 'insert') count(change.old, -1)
      if (change.kind !== 'delete') count(change.row, 1)
    }
    if ([...differences.values()].every((by) => by === 0)) return this
    const after = new InnerValues(this.#counts)
    for (const [value, by] of differences) {
      const rows = (after.#counts.get(value) ?? 0) + by
      if (rows > 0) after.#counts.set(value, rows)
      else after.#counts.delete(value)
    }
    return after
  }

  movesTo(after: InnerValues): ValueMoves {
    if (after === this) return { added: [], removed: [] }
    return { added: missingFrom(this.#counts, after.#counts), removed: missingFrom(after.#counts, this.#counts) }
  }
}

const missingFrom = (from: ValueCounts, values: ValueCounts) =>
  [...values.keys()].flatMap((value) => (value === null || from.has(value) ? [] : [value]))
