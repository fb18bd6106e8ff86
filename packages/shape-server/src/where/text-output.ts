import { type Decimal, decimalToText } from './decimal.ts'
import type { AnyInterval } from './functions/intervals.ts'
import type { SqlType } from './sql-type.ts'
import { dateToText, intervalToText, timestampToText, timeToText, zonedTimeToText } from './time-text.ts'
import type { ZonedTime } from './time-value.ts'
import type { Value } from './value.ts'

/** How a value prints in a cast to text; undefined for types whose print is not imitated. */
export function textOutput(type: SqlType): ((value: Value) => string) | undefined {
  if (type.kind === 'enum' || type.kind === 'opaque') return (value) => value as string
  switch (type.id) {
    case 'text':
    case 'varchar':
    case 'uuid':
    case 'bytea':
      return (value) => value as string
    case 'int2':
    case 'int4':
    case 'int8':
      return (value) => String(value)
    case 'numeric':
      return (value) => decimalToText(value as Decimal)
    case 'date':
      return (value) => dateToText(value as bigint)
    case 'time':
      return (value) => timeToText(value as bigint)
    case 'timetz':
      return (value) => zonedTimeToText(value as ZonedTime)
    case 'timestamp':
      return (value) => timestampToText(value as bigint, '')
    case 'timestamptz':
      return (value) => timestampToText(value as bigint, '+00')
    case 'interval':
      return (value) => intervalToText(value as AnyInterval)
    default:
      return undefined
  }
}
