import type { Node } from 'libpg-query'
import { scan } from 'libpg-query'
import type { Table } from '../catalog/table.ts'
import type { CompiledWhere } from './compile-where.ts'
import { type NodeOf, names } from './syntax-tree.ts'
import { WhereError } from './where-error.ts'

/** `column IN (SELECT innerColumn FROM table WHERE …)`: the part in parentheses. */
export interface Subquery {
  table: Table
  column: string
  where: CompiledWhere | undefined
  /** The SELECT as it was written; may stand in parentheses. */
  sql: string
  /** Of the selected column, as it may stand in a cast. */
  typeSql: string
}

/** The form of a subquery, before its table is known. */
export interface SubqueryForm {
  node: NodeOf<'SubLink'>
  schema: string
  table: string
  column: string
  where: Node | undefined
}

const SUPPORTED =
  'a subquery is supported as column [NOT] IN (SELECT column FROM table [WHERE …]), beside AND, OR and NOT'
const ALLOWED_PARTS = new Set(['targetList', 'fromClause', 'whereClause', 'limitOption', 'op', 'groupDistinct'])

export function refuseSubquery(): never {
  throw new WhereError(SUPPORTED)
}

/** All subqueries of a clause, not those within them. */
export function subLinksOf(node: unknown): NodeOf<'SubLink'>[] {
  if (Array.isArray(node)) return node.flatMap(subLinksOf)
  if (!node || typeof node !== 'object') return []
  if ('SubLink' in node) return [node.SubLink as NodeOf<'SubLink'>]
  return Object.values(node).flatMap(subLinksOf)
}

/** Throws a WhereError for any other form than that of one column of one table. */
export function subqueryForm(node: NodeOf<'SubLink'>): SubqueryForm {
  const { subLinkType, operName, subselect } = node
  const isIn = subLinkType === 'ANY_SUBLINK' && (!operName || names(operName).join('.') === '=')
  const select = subselect && 'SelectStmt' in subselect ? subselect.SelectStmt : undefined
  if (!isIn || !select) return refuseSubquery()
  const isPlain =
    Object.keys(select).every((part) => ALLOWED_PARTS.has(part)) &&
    select.op === 'SETOP_NONE' &&
    select.limitOption === 'LIMIT_OPTION_DEFAULT'
  const [target, ...targets] = select.targetList ?? []
  const [from, ...others] = select.fromClause ?? []
  const range = from && 'RangeVar' in from ? from.RangeVar : undefined
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined
  const fields = value && 'ColumnRef' in value ? names(value.ColumnRef.fields) : []
  const [column] = fields
  const isOneTable = range && others.length === 0 && !range.alias && !range.catalogname && range.relname
  if (!isPlain || !isOneTable || targets.length > 0 || column === undefined || fields.length !== 1 || column === '*') {
    return refuseSubquery()
  }
  if (subLinksOf(select.whereClause).length > 0) throw new WhereError('subqueries within subqueries are not supported')
  return { node, schema: range.schemaname ?? 'public', table: range.relname ?? '', column, where: select.whereClause }
}

/** The text between the parentheses of each subquery, whose nodes say where they begin, in bytes. */
export async function subquerySql(sql: string, prefix: string, nodes: readonly NodeOf<'SubLink'>[]): Promise<string[]> {
  const bytes = Buffer.from(prefix + sql)
  const { tokens } = await scan(bytes.toString())
  return nodes.map(({ location = 0 }) => {
    let depth = 0
    let start = 0
    for (const token of tokens) {
      if (token.start < location) continue
      if (token.text === '(') {
        depth += 1
        if (depth === 1) start = token.end
      } else if (token.text === ')') {
        depth -= 1
        if (depth === 0) return `${bytes.toString('utf8', start, token.start)}\n`
      }
    }
    return refuseSubquery()
  })
}

/** The tables that a clause names without a schema, which are those of `public`: where a schema has to be written. */
export function unqualifiedTables(node: unknown): number[] {
  if (Array.isArray(node)) return node.flatMap(unqualifiedTables)
  if (!node || typeof node !== 'object') return []
  const own =
    'RangeVar' in node && !(node.RangeVar as NodeOf<'RangeVar'>).schemaname
      ? [(node.RangeVar as NodeOf<'RangeVar'>).location ?? 0]
      : []
  return [...own, ...Object.values(node).flatMap(unqualifiedTables)]
}

export const isSubLink = (node: Node): node is Extract<Node, { SubLink: unknown }> => 'SubLink' in node
