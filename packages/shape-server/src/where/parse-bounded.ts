import { parse, scan } from 'libpg-query'
import { WhereError } from './where-error.ts'

/** Of the SQL with its parameters written in, in characters. */
export const MAX_LENGTH = 512 * 1024
export const MAX_TOKENS = 50_000
/** The parser's own recursion ends at some 2,000 levels, and a parser that once ran out of stack is unusable. */
export const MAX_NESTING = 500

const OPENS = new Set(['(', '[', 'case'])
const CLOSES = new Set([')', ']', 'end'])
/** What stands on both sides of these makes a list in the tree, however long. */
const SEPARATES = new Set([',', 'and', 'or', 'when', 'then', 'else'])

/** Parses SQL that was written by a stranger. Throws a WhereError for what is malformed, too long or too deep. */
export async function parseBounded(sql: string) {
  if (sql.length > MAX_LENGTH) throw new WhereError(`is longer than ${MAX_LENGTH} characters`)
  if (sql.includes('\0')) throw new WhereError('must not contain a zero byte')
  if ((await nesting(sql)) > MAX_NESTING) throw new WhereError(`is nested deeper than ${MAX_NESTING} levels`)
  return parse(sql).catch((error: unknown) => {
    throw new WhereError(error instanceof Error ? error.message : String(error))
  })
}

/** No less than the depth of the syntax tree: between two separators every token may be a level. */
async function nesting(sql: string): Promise<number> {
  const { tokens } = await scan(sql).catch((error: unknown) => {
    // A text or comment that does not end: the parser says so, and makes no tree.
    if (error instanceof Error) return { tokens: [] }
    throw error
  })
  if (tokens.length > MAX_TOKENS) throw new WhereError(`has more than ${MAX_TOKENS} words and signs`)
  const enclosing: number[] = []
  let outer = 0
  let segment = 0
  let deepest = 0
  for (const { text } of tokens) {
    const token = text.toLowerCase()
    if (OPENS.has(token)) {
      enclosing.push(segment + 1)
      outer += segment + 1
      segment = 0
    } else if (CLOSES.has(token) && enclosing.length > 0) {
      segment = enclosing.pop() ?? 0
      outer -= segment
    } else if (SEPARATES.has(token)) segment = 0
    else segment += 1
    deepest = Math.max(deepest, outer + segment)
  }
  return deepest
}
