import type { Decimal } from '../decimal.ts'
import * as decimal from '../decimal.ts'
import { comparisons, type Implementations, plain } from '../routine.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'
import { fitted } from './integers.ts'

const NAMES = { 2: 'smallint', 4: 'integer', 8: 'bigint' }

function toInteger(value: Decimal, size: 2 | 4 | 8): bigint {
  const rounded = decimal.round(value, 0)
  if (rounded === 'NaN') throw new WhereEvaluationError(`cannot convert NaN to ${NAMES[size]}`)
  if (typeof rounded === 'string') throw new WhereEvaluationError(`cannot convert infinity to ${NAMES[size]}`)
  return fitted(rounded.digits, size)
}

function toFloat(value: Decimal): number {
  const result = Number(decimal.decimalToText(value))
  if (typeof value !== 'string' && !Number.isFinite(result)) outOfRange(value, 'double precision')
  if (typeof value !== 'string' && result === 0 && value.digits !== 0n) outOfRange(value, 'double precision')
  return result
}

/** Rounds once: by way of a double, a number next to the middle between two floats may go to the wrong one. */
function toSingleFloat(value: Decimal): number {
  if (typeof value === 'string') return Number(value)
  const near = Math.fround(toFloat(value))
  const bits = new DataView(new ArrayBuffer(4))
  const neighbour = (step: number) => {
    bits.setFloat32(0, near)
    bits.setInt32(0, bits.getInt32(0) + step)
    return bits.getFloat32(0)
  }
  if (!Number.isFinite(near) || (near === 0 && value.digits !== 0n)) outOfRange(value, 'real')
  for (const other of near === 0 ? [] : [neighbour(1), neighbour(-1)]) {
    const middle = exactly((near + other) / 2)
    const side = decimal.compareDecimals(value, middle)
    if (Number.isFinite(other) && side !== 0 && side === decimal.compareDecimals(exactly(other), middle)) return other
  }
  return near
}

/** Every double is a decimal with so many places at most. */
function exactly(value: number): Decimal {
  let digits = value
  let scale = 0
  while (!Number.isInteger(digits)) {
    digits *= 2
    scale += 1
  }
  return { digits: BigInt(digits) * 5n ** BigInt(scale), scale }
}

function outOfRange(value: Decimal, type: string): never {
  throw new WhereEvaluationError(`"${decimal.decimalToText(value)}" is out of range for type ${type}`)
}

/** Postgres keeps what a precision and a scale are packed into; here they come as they were written. */
const MAX_ROUNDING = 16_383n
const places = (scale: bigint) => Number(scale > MAX_ROUNDING ? MAX_ROUNDING : scale < -140_000n ? -140_000n : scale)

const ofInteger = plain((a: bigint) => decimal.decimalOf(a))

export const NUMERICS: Implementations = {
  ...comparisons<Decimal, Decimal>((operator) => `numeric_${operator}`, decimal.compareDecimals),
  numeric_add: plain(decimal.add),
  numeric_sub: plain((a: Decimal, b: Decimal) => decimal.add(a, decimal.negate(b))),
  numeric_mul: plain(decimal.multiply),
  numeric_div: plain(decimal.divide),
  numeric_mod: plain(decimal.remainder),
  numeric_uminus: plain(decimal.negate),
  numeric_uplus: plain((a: Decimal) => a),
  numeric_abs: plain((a: Decimal) => (decimal.compareDecimals(a, decimal.decimalOf(0n)) < 0 ? decimal.negate(a) : a)),
  numeric_sign: plain(decimal.sign),
  numeric_ceil: plain(decimal.ceil),
  numeric_floor: plain(decimal.floor),
  numeric_round: plain((a: Decimal, scale: bigint) => decimal.round(a, places(scale))),
  // With one argument these are written in SQL, and go by their names.
  round: plain((a: Decimal) => decimal.round(a, 0)),
  trunc: plain((a: Decimal) => decimal.truncate(a, 0)),
  numeric_trunc: plain((a: Decimal, scale: bigint) => decimal.truncate(a, places(scale))),
  int2_numeric: ofInteger,
  int4_numeric: ofInteger,
  int8_numeric: ofInteger,
  numeric_int2: plain((a: Decimal) => toInteger(a, 2)),
  numeric_int4: plain((a: Decimal) => toInteger(a, 4)),
  numeric_int8: plain((a: Decimal) => toInteger(a, 8)),
  numeric_float8: plain(toFloat),
  numeric_float4: plain(toSingleFloat),
}
