import type { Relation } from '../replication/pgoutput.ts'
import type { Change, Row } from '../replication/transaction.ts'
import type { Shape } from './shape.ts'

/**
 * The shapes of one table, found by the rows that concern them. A where clause such as `tenant_id = 'x' AND …` needs to
 * look only at rows of that tenant, so that a change costs what the tenant has in shapes, not what all tenants have.
 */
export class TableShapes {
  readonly #oid: number
  readonly all = new Set<Shape>()
  /** Those that may be concerned by any row. */
  readonly #unpinned = new Set<Shape>()
  /** Column, then value that a row must have in it. */
  readonly #pinned = new Map<string, Map<string, Set<Shape>>>()
  /** The table as the stream described it last, and the shapes that were not held against that yet. */
  #relation: Relation | undefined
  #unchecked = new Set<Shape>()

  constructor(oid: number) {
    this.#oid = oid
  }

  add(shape: Shape): void {
    this.all.add(shape)
    this.#unchecked.add(shape)
    const pin = this.#pinOf(shape)
    if (!pin) {
      this.#unpinned.add(shape)
      return
    }
    const [column, value] = pin
    const byValue = this.#pinned.get(column) ?? new Map<string, Set<Shape>>()
    this.#pinned.set(column, byValue)
    byValue.set(value, (byValue.get(value) ?? new Set()).add(shape))
  }

  delete(shape: Shape): void {
    this.all.delete(shape)
    this.#unchecked.delete(shape)
    this.#unpinned.delete(shape)
    const pin = this.#pinOf(shape)
    if (!pin) return
    const [column, value] = pin
    const byValue = this.#pinned.get(column)
    const shapes = byValue?.get(value)
    shapes?.delete(shape)
    if (shapes?.size === 0) byValue?.delete(value)
    if (byValue?.size === 0) this.#pinned.delete(column)
  }

  /** Whoever must be told of the change, none twice. */
  concernedBy(change: Change): Iterable<Shape> {
    if (change.relation !== this.#relation) {
      this.#relation = change.relation
      this.#unchecked = new Set(this.all)
    }
    const [rows, isForAll] = rowsOf(change)
    if (isForAll) return this.all
    for (const shape of this.#unchecked) if (shape.hasChecked(change.relation)) this.#unchecked.delete(shape)
    const groups = [this.#unpinned, ...(this.#unchecked.size > 0 ? [this.#unchecked] : []), ...this.#matching(rows)]
    const filled = groups.filter(({ size }) => size > 0)
    return filled.length === 1 ? (filled[0] ?? []) : new Set(filled.flatMap((group) => [...group]))
  }

  /** Of a shape to which this table only lends the values of a subquery, no row is known not to concern it. */
  #pinOf({ definition }: Shape): readonly [column: string, value: string] | undefined {
    const { table, where } = definition
    const isSubquery = where?.plan?.subqueries.some((subquery) => subquery.table.oid === this.#oid)
    if (table.oid !== this.#oid || isSubquery) return undefined
    const [pin] = where?.equalities ?? []
    return pin
  }

  #matching(rows: Row[]): Set<Shape>[] {
    const groups: Set<Shape>[] = []
    for (const [column, byValue] of this.#pinned) {
      for (const row of rows) {
        const value = row[column]
        const group = value === null || value === undefined ? undefined : byValue.get(value)
        if (group && !groups.includes(group)) groups.push(group)
      }
    }
    return groups
  }
}

/** A row that is not known may have been any; a truncation ends every shape. */
function rowsOf(change: Change): [rows: Row[], isForAll: boolean] {
  switch (change.kind) {
    case 'insert':
      return [[change.row], false]
    case 'update':
      return change.old ? [[change.old, change.row], false] : [[], true]
    case 'delete':
      return change.old ? [[change.old], false] : [[], true]
    case 'truncate':
      return [[], true]
  }
}
