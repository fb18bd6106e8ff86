import type { Relation } from '../replication/pgoutput.ts'
import type { ShapeDefinition } from './definition.ts'

/**
 * Whether the table is no longer the one the shape was made from, so that its log cannot go on. With a list of columns
 * only those matter that the shape uses. A changed type alone does not matter, except to a where clause, which was
 * compiled for the old one.
 */
export function hasDrifted(definition: ShapeDefinition, relation: Relation): boolean {
  const { table, where, columns, keyColumns, hasColumnList } = definition
  // Keys and messages carry the name.
  if (relation.name !== table.table || relation.schema !== table.schema) return true
  const used = new Set([...columns.map(({ name }) => name), ...keyColumns, ...(where?.columns ?? [])])
  const now = new Map(relation.columns.map(({ name, typeOid }) => [name, typeOid]))
  if ([...used].some((name) => !now.has(name))) return true
  if (!hasColumnList && relation.columns.some(({ name }) => !used.has(name))) return true
  return table.columns.some(({ name, typeOid }) => where?.columns.has(name) && now.get(name) !== typeOid)
}
