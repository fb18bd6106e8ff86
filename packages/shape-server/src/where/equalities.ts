import type { Expression, Literal } from './expression.ts'
import type { ScalarFamily } from './sql-type.ts'

/** A column that stands beside a literal in `column = literal`. */
export interface Pin {
  column: string
  literal: Literal
}

/** Families in which equal values print the same text: not numbers with fractions, whose scale shows, nor moments. */
const PRINTED_AS_COMPARED: ReadonlySet<ScalarFamily | 'array' | 'opaque'> = new Set([
  'int',
  'bool',
  'uuid',
  'text',
  'enum',
])

/** The pin that a comparison of these two makes, if it makes one. */
export function pinOf(column: Expression, other: Expression): Pin | undefined {
  if (column.kind !== 'typed' || column.column === undefined) return undefined
  if (other.kind !== 'typed' || other.literal === undefined) return undefined
  const { family, name } = column.type
  if (!PRINTED_AS_COMPARED.has(family) || other.type.family !== family || name === 'bpchar') return undefined
  return { column: column.column, literal: other.literal }
}

/** Column to the text that every matching row has in it, as Postgres prints it in the log. */
export function equalities(pins: readonly Pin[]): ReadonlyMap<string, string> {
  return new Map(
    pins.flatMap(({ column, literal: { value } }) => (value === null ? [] : [[column, printed(value)] as const])),
  )
}

const printed = (value: unknown) => (typeof value === 'boolean' ? (value ? 't' : 'f') : String(value))
