/** A table of the local schema, from which both its SQL and `structure.json` are made. */
export interface TableDescription {
  name: string
  /** Lines above its CREATE TABLE. */
  comment: string
  columns: ColumnDescription[]
  primaryKey: string[]
  /** Columns by the name of the index. */
  indexes?: Record<string, string[]>
}

export interface ColumnDescription {
  name: string
  type: string
  isNotNull?: boolean
  default?: string
  check?: string
  comment?: string
}
