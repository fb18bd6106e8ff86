import { compareBytes, requireByteOrder, requireDeterministic } from '../collation-behaviour.ts'
import { compareDecimals, type Decimal } from '../decimal.ts'
import { type Call, inOrder, refuse } from '../routine.ts'
import type { EnumType, ScalarType } from '../sql-type.ts'
import type { ZonedTime } from '../time-value.ts'
import type { Scalar } from '../value.ts'
import { enumOrder } from './enums.ts'
import { compareFloats } from './floats.ts'
import { type AnyInterval, compareIntervals } from './intervals.ts'
import { compareZonedTimes } from './moments.ts'
import { unpadded } from './texts.ts'

/** Negative, zero or positive; neither is NULL. */
export type CompareItems = (a: Scalar, b: Scalar) => number

/** How values of a type are ordered where no operator is named: in arrays and by GREATEST. Throws a WhereError. */
export function itemOrder(type: ScalarType | EnumType, call: Call, needs: 'equality' | 'order'): CompareItems {
  if (type.kind === 'enum') {
    const compare = needs === 'order' ? enumOrder(type) : compareBytes
    return (a, b) => compare(a as string, b as string)
  }
  switch (type.id) {
    case 'text':
    case 'varchar':
    case 'bpchar': {
      requireDeterministic(call.collation())
      if (needs === 'order') requireByteOrder(call.collation())
      const read = type.id === 'bpchar' ? unpadded : (text: string) => text
      return (a, b) => compareBytes(read(a as string), read(b as string))
    }
    case 'bool':
      return (a, b) => Number(a) - Number(b)
    case 'float4':
    case 'float8':
      return (a, b) => compareFloats(a as number, b as number)
    case 'numeric':
      return (a, b) => compareDecimals(a as Decimal, b as Decimal)
    case 'interval':
      return (a, b) => compareIntervals(a as AnyInterval, b as AnyInterval)
    case 'timetz':
      return (a, b) => compareZonedTimes(a as ZonedTime, b as ZonedTime)
    case 'int2':
    case 'int4':
    case 'int8':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'uuid':
    case 'bytea':
      return (a, b) => inOrder(a as bigint | string, b as bigint | string)
    default:
      return refuse(`the order of ${type.id} is not supported`)
  }
}
