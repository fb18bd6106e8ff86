import { parseArray } from './array-text.ts'
import { type Decimal, parseDecimal } from './decimal.ts'
import { type Interval, parseInterval } from './interval.ts'
import type { SqlType } from './sql-type.ts'
import { parseDate, parseTime, parseTimestamp, parseTimeWithZone, type ZonedTime } from './time-value.ts'

/**
 * A value as the evaluator computes with it; NULL is `null`. Integers are bigint, dates days and times and timestamps
 * microseconds since 1970 or midnight, uuid and bytea lower-case hexadecimal text.
 */
export type Scalar = boolean | bigint | number | string | Decimal | Interval | ZonedTime
export type Item = Scalar | null
export type Value = Scalar | ArrayValue | null

export interface ArrayValue {
  /** Number of items in each dimension; none for the empty array. */
  lengths: number[]
  /** The first index of each dimension, usually 1. */
  lowerBounds: number[]
  /** Of all dimensions, the last one running fastest. */
  items: Item[]
}

/** Reads the text that Postgres prints for a value of this type, in the session settings of this package. */
export function parseValue(type: SqlType, text: string): Value {
  switch (type.kind) {
    case 'array': {
      const { element } = type
      const { items, ...shape } = parseArray(text)
      return { ...shape, items: items.map((item) => (item === null ? null : parseScalar(element.id, item))) }
    }
    case 'opaque':
    case 'enum':
      return text
    case 'scalar':
      return parseScalar(type.id, text)
  }
}

function parseScalar(type: string, text: string): Scalar {
  switch (type) {
    case 'bool':
      return text === 't' || text === 'true'
    case 'int2':
    case 'int4':
    case 'int8':
      return BigInt(text)
    case 'numeric':
      return parseDecimal(text)
    case 'float4':
      return Math.fround(Number(text))
    case 'float8':
      return Number(text)
    case 'date':
      return parseDate(text)
    case 'timestamp':
    case 'timestamptz':
      return parseTimestamp(text)
    case 'time':
      return parseTime(text)
    case 'timetz':
      return parseTimeWithZone(text)
    case 'interval':
      return parseInterval(text)
    default:
      return text
  }
}

/** One dimension, counted from 1. */
export const listOf = (items: Item[]): ArrayValue =>
  items.length === 0 ? { lengths: [], lowerBounds: [], items } : { lengths: [items.length], lowerBounds: [1], items }
