import type { Column, Table } from '../catalog/table.ts'
import type { CompiledWhere } from '../where/compile-where.ts'

export type Replica = 'default' | 'full'
export type LogMode = 'full' | 'changes_only'

export interface ShapeWhere extends CompiledWhere {
  /** May stand in parentheses, after a line break. */
  sql: string
  /** Equal for equal clauses. */
  canonical: string
}

/** A filtered table, checked against the catalog. */
export interface ShapeDefinition {
  /** Equal for equal definitions, whatever the order of columns or the white space. */
  id: string
  table: Table
  where: ShapeWhere | undefined
  /** The chosen columns, in the table's order. */
  columns: Column[]
  /** Whether the client chose columns: then other columns may come and go. */
  hasColumnList: boolean
  /** What makes a row's key: the primary key, or all columns. */
  keyColumns: string[]
  replica: Replica
  log: LogMode
}

/** The tables whose changes concern a shape: its own, and those of its subqueries. */
export function tablesOf({ table, where }: ShapeDefinition): Table[] {
  if (!where?.plan) return [table]
  const tables = [table, ...where.plan.subqueries.map((subquery) => subquery.table)]
  return [...new Map(tables.map((one) => [one.oid, one])).values()]
}
