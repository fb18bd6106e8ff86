import type pg from 'pg'
import { quoteIdentifier, sqlState } from '../../src/database.ts'
import type { ShapePlan } from '../plan/shape-plan.ts'
import type { BookRow, Cell } from './row-book.ts'

export type Selected = { kind: 'rows'; rows: BookRow[] } | { kind: 'refused'; message: string }

/** What Postgres itself says the shape has in it. */
export async function selectShape(pool: pg.Pool, { table, where, columns }: ShapePlan): Promise<Selected> {
  try {
    const attributes = await pool.query<{ name: string; isArray: string }>(
      `SELECT attname AS name, (attndims > 0)::text AS "isArray" FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [table],
    )
    const arrays = new Set(attributes.rows.filter(({ isArray }) => isArray === 'true').map(({ name }) => name))
    const names = columns ?? attributes.rows.map(({ name }) => name)
    const list = names.map((name) =>
      arrays.has(name)
        ? `to_json(${quoteIdentifier(name)}::text[])::text AS ${quoteIdentifier(name)}`
        : quoteIdentifier(name),
    )
    const condition = where ? ` WHERE ${where.sql}` : ''
    const { rows } = await pool.query<Record<string, string | null>>(
      `SELECT ${list.join(', ')} FROM ${table}${condition}`,
      where?.params ?? [],
    )
    return {
      kind: 'rows',
      rows: rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, text]) => [
            name,
            text !== null && arrays.has(name) ? (JSON.parse(text) as Cell) : text,
          ]),
        ),
      ),
    }
  } catch (error) {
    // 22, 42: what Postgres has against the clause or the columns; everything else is about the connection.
    if (!/^(22|42)/.test(sqlState(error) ?? '')) throw error
    return { kind: 'refused', message: (error as Error).message }
  }
}

/** The first difference in words, or undefined when both have the same rows. */
export function differenceOf(held: Iterable<BookRow>, selected: readonly BookRow[]): string | undefined {
  const unmatched = new Map<string, number>()
  for (const row of selected) count(unmatched, printed(row), 1)
  for (const row of held) count(unmatched, printed(row), -1)
  const missing = [...unmatched].filter(([, balance]) => balance > 0).map(([row]) => row)
  const extra = [...unmatched].filter(([, balance]) => balance < 0).map(([row]) => row)
  if (missing.length === 0 && extra.length === 0) return undefined
  return [
    `${missing.length} rows of SELECT are not with the reader, ${extra.length} of the reader are not in SELECT`,
    ...missing.slice(0, 2).map((row) => `SELECT: ${shortened(row)}`),
    ...extra.slice(0, 2).map((row) => `reader: ${shortened(row)}`),
  ].join('\n    ')
}

const printed = (row: BookRow) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
const count = (balances: Map<string, number>, row: string, by: number) =>
  balances.set(row, (balances.get(row) ?? 0) + by)
const shortened = (row: string) => row.replaceAll(/[0-9a-f]{200,}/g, (hex) => `${hex.slice(0, 16)}…(${hex.length})`)
