import { parseArray } from './array-text.ts'
import { compareDecimals, type Decimal, parseDecimal } from './decimal.ts'
import type { ScalarFamily, SqlType } from './sql-type.ts'
import { parseInterval, parseTime, parseTimestamp } from './time-value.ts'

/** A value as the evaluator computes with it; NULL is `null`. */
export type Scalar = boolean | bigint | number | string | Decimal
export type Value = Scalar | null | (Scalar | null)[]

/** Reads the text that Postgres prints for a value of this type, in the session settings of this package. */
export function parseValue(type: SqlType, text: string): Value {
  switch (type.family) {
    case 'array':
      return parseArray(text).map((item) => (item === null ? null : parseScalar(type.element, item)))
    case 'opaque':
      return text
    default:
      return parseScalar(type as SqlType & { family: ScalarFamily }, text)
  }
}

function parseScalar(type: SqlType & { family: ScalarFamily }, text: string): Scalar {
  switch (type.family) {
    case 'bool':
      return text === 't' || text === 'true'
    case 'int':
      return BigInt(text)
    case 'numeric':
      return parseDecimal(text)
    case 'float':
      return type.name === 'float4' ? Math.fround(Number(text)) : Number(text)
    case 'text':
      // Blanks at the end of a char(n) do not count, neither in comparisons nor after a cast to text.
      return type.name === 'bpchar' ? text.replace(/ +$/, '') : text
    case 'uuid':
    case 'enum':
      return text
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return parseTimestamp(text)
    case 'time':
      return parseTime(text)
    case 'interval':
      return parseInterval(text)
  }
}

/** Negative, zero or positive; both values belong to this family. */
export function compareScalars(family: ScalarFamily, a: Scalar, b: Scalar): number {
  switch (family) {
    case 'bool':
      return Number(a) - Number(b)
    case 'numeric':
      return compareDecimals(a as Decimal, b as Decimal)
    case 'float':
      return compareFloats(a as number, b as number)
    case 'text':
    case 'enum':
      // By bytes, as the collations C and C.UTF-8 do; JavaScript's own order differs beyond U+FFFF.
      return a === b ? 0 : Buffer.compare(Buffer.from(a as string), Buffer.from(b as string))
    case 'int':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
      return a === b ? 0 : a < b ? -1 : 1
  }
}

/** NaN equals itself and is above everything, which is how Postgres orders floats. */
function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === b ? 0 : a < b ? -1 : 1
}
