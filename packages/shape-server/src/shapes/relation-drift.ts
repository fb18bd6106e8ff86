import type { Relation } from '../replication/pgoutput.ts'
import type { Subquery } from '../where/subquery.ts'
import type { ShapeDefinition } from './definition.ts'

/**
 * Whether the table is no longer the one the shape was made from, so that its log cannot go on. With a list of columns
 * only those matter that the shape uses. A changed type alone does not matter, except to a where clause, which was
 * compiled for the old one.
 */
export function hasDrifted(definition: ShapeDefinition, relation: Relation): boolean {
  if (relation.oid === definition.table.oid && hasOwnTableDrifted(definition, relation)) return true
  const subqueries = definition.where?.plan?.subqueries ?? []
  return subqueries.some((subquery) => subquery.table.oid === relation.oid && hasSubqueryDrifted(subquery, relation))
}

/** The clause names the table and some of its columns; the others do not matter. */
function hasSubqueryDrifted({ table, column, where }: Subquery, relation: Relation): boolean {
  if (relation.name !== table.table || relation.schema !== table.schema) return true
  const now = new Map(relation.columns.map(({ name, typeOid }) => [name, typeOid]))
  return table.columns.some(
    ({ name, typeOid }) => (name === column || where?.columns.has(name)) && now.get(name) !== typeOid,
  )
}

function hasOwnTableDrifted(definition: ShapeDefinition, relation: Relation): boolean {
  const { table, where, columns, keyColumns, hasColumnList } = definition
  // Keys and messages carry the name.
  if (relation.name !== table.table || relation.schema !== table.schema) return true
  const used = new Set([...columns.map(({ name }) => name), ...keyColumns, ...(where?.columns ?? [])])
  const now = new Map(relation.columns.map(({ name, typeOid }) => [name, typeOid]))
  if ([...used].some((name) => !now.has(name))) return true
  if (!hasColumnList && relation.columns.some(({ name }) => !used.has(name))) return true
  return table.columns.some(({ name, typeOid }) => where?.columns.has(name) && now.get(name) !== typeOid)
}
