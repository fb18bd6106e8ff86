import type { Node } from 'libpg-query'
import { parseBounded } from './parse-bounded.ts'
import { unqualifiedTables } from './subquery.ts'
import { WhereError } from './where-error.ts'

export interface ParsedWhere {
  /**
   * The clause with its parameters written in as literals and its tables with their schemas; safe to stand in
   * parentheses, after a line break.
   */
  sql: string
  node: Node
  /** Equal for clauses that differ in nothing but white space, comments and the way they number parameters. */
  canonical: string
}

/** Locations in the tree count from its beginning. */
export const PREFIX = 'SELECT 1 WHERE '
const ALLOWED_PARTS = new Set(['targetList', 'whereClause', 'limitOption', 'op', 'groupDistinct'])

/** Parses with Postgres' own grammar. `parameters[0]` is the value of `$1`. */
export async function parseWhere(where: string, parameters: readonly string[]): Promise<ParsedWhere> {
  const sql = inlineParameters(where, await parseExpression(where), parameters)
  const node = await parseExpression(sql)
  return { sql, node, canonical: JSON.stringify(node, (key, value) => (LOCATIONS.has(key) ? undefined : value)) }
}

const LOCATIONS = new Set(['location', 'rexpr_list_start', 'rexpr_list_end', 'list_start', 'list_end'])

/**
 * The clause is parsed without parentheses around it, so that `true) OR (true` does not parse: only a clause that
 * stands alone may later be put between parentheses beside another condition.
 */
async function parseExpression(where: string): Promise<Node> {
  const { stmts } = await parseBounded(`${PREFIX}${where}\n`)
  const [statement, ...others] = stmts ?? []
  if (!statement || others.length > 0) throw new WhereError('unescaped ";" causing statement split')
  const select = statement.stmt && 'SelectStmt' in statement.stmt ? statement.stmt.SelectStmt : undefined
  if (!select?.whereClause) throw new WhereError('is not an expression')
  const extra = Object.keys(select).find((part) => !ALLOWED_PARTS.has(part))
  if (extra || select.op !== 'SETOP_NONE' || select.limitOption === 'LIMIT_OPTION_WITH_TIES') {
    throw new WhereError('must be one expression, without further clauses')
  }
  return select.whereClause
}

/** Literals have the same type inference as parameters, and need no declared types. */
function inlineParameters(where: string, node: Node, parameters: readonly string[]): string {
  const bytes = Buffer.from(where)
  const parts: string[] = []
  let end = 0
  const edits = [
    ...parameterReferences(node).map(({ number, location }) => ({ location, number })),
    ...unqualifiedTables(node).map((location) => ({ location, number: undefined })),
  ]
  for (const { number, location } of edits.sort((a, b) => a.location - b.location)) {
    const start = location - PREFIX.length
    parts.push(bytes.toString('utf8', end, start))
    if (number === undefined) {
      parts.push('public.')
      end = start
      continue
    }
    const value = parameters[number - 1]
    if (value === undefined) throw new WhereError(`At location ${start}: parameter $${number} was not provided`)
    parts.push(` '${value.replaceAll("'", "''")}' `)
    end = start + `$${number}`.length
  }
  return [...parts, bytes.toString('utf8', end)].join('')
}

function parameterReferences(node: unknown): { number: number; location: number }[] {
  if (Array.isArray(node)) return node.flatMap(parameterReferences)
  if (!node || typeof node !== 'object') return []
  if ('ParamRef' in node) {
    const { number = 0, location = 0 } = node.ParamRef as { number?: number; location?: number }
    return [{ number, location }]
  }
  return Object.values(node).flatMap(parameterReferences)
}
