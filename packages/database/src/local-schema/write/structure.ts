import type { TableDescription } from '../table-description.ts'

/** `structure.json`: what migrations are made from. Views and functions are replaced whole and only named. */
export interface LocalStructure {
  tables: Record<string, TableStructure>
  /** In the order of their making; to be dropped in reverse. */
  views: string[]
  /** Each name stands once. Triggers go with what they call. */
  functions: string[]
}

export interface TableStructure {
  columns: Record<string, { type: string; isNotNull: boolean; default: string | null }>
  primaryKey: string[]
  /** Columns by the name of the index. */
  indexes: Record<string, string[]>
}

export function structureOf(tables: readonly TableDescription[], logicSql: string): LocalStructure {
  const structure: LocalStructure = { tables: {}, views: [], functions: [] }
  for (const { name, columns, primaryKey, indexes = {} } of tables) {
    structure.tables[name] = {
      columns: Object.fromEntries(
        columns.map(({ name: column, type, isNotNull = false, default: given = null }) => [
          column,
          { type, isNotNull: isNotNull || primaryKey.includes(column), default: given },
        ]),
      ),
      primaryKey,
      indexes,
    }
  }
  for (const [, kind, name] of logicSql.matchAll(/^CREATE (VIEW|FUNCTION) (\w+)/gm)) {
    if (name !== undefined) (kind === 'VIEW' ? structure.views : structure.functions).push(name)
  }
  return structure
}
