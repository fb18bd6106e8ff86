import { WhereEvaluationError } from './where-evaluation-error.ts'

/** A `numeric`: `digits` × 10^-`scale`, or one of the values beyond all others. The scale is the one that is printed. */
export type Decimal = { digits: bigint; scale: number } | 'NaN' | 'Infinity' | '-Infinity'
type Finite = Exclude<Decimal, string>

/** Postgres' bounds of what it computes and keeps. */
const MAX_SCALE = 16_383
const MAX_DISPLAY_SCALE = 1_000
const MIN_SIGNIFICANT_DIGITS = 16
const DIGITS_A_GROUP = 4
const MAX_WHOLE_DIGITS = 131_072

export function parseDecimal(text: string): Decimal {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

export const decimalOf = (integer: bigint, scale = 0): Finite => ({ digits: integer, scale })

export function decimalToText(value: Decimal): string {
  if (typeof value === 'string') return value
  const { digits, scale } = value
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const sign = digits < 0n ? '-' : ''
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** As Postgres orders them: -Infinity, the numbers, Infinity, NaN; NaN equals itself. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (typeof a === 'string' || typeof b === 'string') return rank(a) - rank(b)
  const scale = Math.max(a.scale, b.scale)
  const left = rescaled(a, scale)
  const right = rescaled(b, scale)
  return left < right ? -1 : left > right ? 1 : 0
}

export function negate(value: Decimal): Decimal {
  if (typeof value !== 'string') return { ...value, digits: -value.digits }
  return value === 'NaN' ? value : value === 'Infinity' ? '-Infinity' : 'Infinity'
}

export function add(a: Decimal, b: Decimal): Decimal {
  if (typeof a === 'string' || typeof b === 'string') return ofFloat(floatOf(a) + floatOf(b))
  const scale = Math.max(a.scale, b.scale)
  return checked({ digits: rescaled(a, scale) + rescaled(b, scale), scale })
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  if (typeof a === 'string' || typeof b === 'string') return ofFloat(floatOf(a) * floatOf(b))
  const product = { digits: a.digits * b.digits, scale: a.scale + b.scale }
  return checked(product.scale > MAX_SCALE ? round(product, MAX_SCALE) : product)
}

export function divide(a: Decimal, b: Decimal): Decimal {
  if (a === 'NaN' || b === 'NaN') return 'NaN'
  if (typeof b !== 'string' && b.digits === 0n) throw new WhereEvaluationError('division by zero')
  if (typeof a === 'string') return typeof b === 'string' ? 'NaN' : b.digits < 0n ? negate(a) : a
  if (typeof b === 'string') return decimalOf(0n)
  const scale = quotientScale(a, b)
  return checked({
    digits: dividedRounding(a.digits * 10n ** BigInt(scale + b.scale), b.digits * 10n ** BigInt(a.scale)),
    scale,
  })
}

/** The sign is that of the dividend. */
export function remainder(a: Decimal, b: Decimal): Decimal {
  if (a === 'NaN' || b === 'NaN') return 'NaN'
  if (typeof b !== 'string' && b.digits === 0n) throw new WhereEvaluationError('division by zero')
  if (typeof a === 'string') return 'NaN'
  if (typeof b === 'string') return a
  const scale = Math.max(a.scale, b.scale)
  return { digits: rescaled(a, scale) % rescaled(b, scale), scale }
}

/** Half away from zero; a negative scale rounds before the point. */
export function round(value: Decimal, scale: number): Decimal {
  return typeof value === 'string' ? value : checked(withScale(value, scale, dividedRounding))
}

export function truncate(value: Decimal, scale: number): Decimal {
  return typeof value === 'string' ? value : withScale(value, scale, (a, b) => a / b)
}

export function ceil(value: Decimal): Decimal {
  return typeof value === 'string' ? value : withScale(value, 0, (a, b) => (a > 0n ? (a + b - 1n) / b : a / b))
}

export const floor = (value: Decimal): Decimal => negate(ceil(negate(value)))

export const sign = (value: Decimal): Decimal =>
  value === 'NaN' ? value : decimalOf(BigInt(Math.sign(compareDecimals(value, decimalOf(0n)))))

/** Like a cast to `numeric(precision, scale)`. */
export function constrain(value: Decimal, precision: number, scale: number): Decimal {
  if (value === 'NaN') return value
  const rounded = round(value, scale)
  const limit = 10n ** BigInt(precision)
  const isWithin = typeof rounded !== 'string' && rescaled(rounded, scale) < limit && rescaled(rounded, scale) > -limit
  if (!isWithin) throw new WhereEvaluationError('numeric field overflow')
  return rounded
}

const floatOf = (value: Decimal) => (typeof value === 'string' ? Number(value) : Math.sign(Number(value.digits)))
const ofFloat = (value: number): Decimal => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity')

function checked(value: Decimal): Decimal {
  if (typeof value !== 'string' && value.digits.toString().length - value.scale > MAX_WHOLE_DIGITS) {
    throw new WhereEvaluationError('value overflows numeric format')
  }
  return value
}

const rescaled = ({ digits, scale }: Finite, to: number) =>
  to >= scale ? digits * 10n ** BigInt(to - scale) : dividedRounding(digits, 10n ** BigInt(scale - to))

/** A negative scale leaves zeros before the point, and none behind it. */
function withScale({ digits, scale }: Finite, to: number, divide: (a: bigint, b: bigint) => bigint): Finite {
  if (to >= scale) return { digits: digits * 10n ** BigInt(to - scale), scale: to }
  const kept = divide(digits, 10n ** BigInt(scale - to))
  return to < 0 ? { digits: kept * 10n ** BigInt(-to), scale: 0 } : { digits: kept, scale: to }
}

function dividedRounding(a: bigint, b: bigint): bigint {
  const quotient = a / b
  const rest = a % b
  const isHalf = 2n * (rest < 0n ? -rest : rest) >= (b < 0n ? -b : b)
  return isHalf ? quotient + (a < 0n === b < 0n ? 1n : -1n) : quotient
}

/** How many digits behind the point Postgres gives a quotient: at least 16 that count, by groups of four. */
function quotientScale(a: Finite, b: Finite): number {
  const left = leadingGroup(a)
  const right = leadingGroup(b)
  const weight = left.weight - right.weight - (left.group <= right.group ? 1 : 0)
  const wanted = Math.max(MIN_SIGNIFICANT_DIGITS - weight * DIGITS_A_GROUP, a.scale, b.scale, 0)
  return Math.min(wanted, MAX_DISPLAY_SCALE)
}

/** The first group of four digits that is not zero, and its place: 0 is the group before the point. */
function leadingGroup({ digits, scale }: Finite): { weight: number; group: number } {
  if (digits === 0n) return { weight: 0, group: 0 }
  const text = (digits < 0n ? -digits : digits).toString()
  // Place of the first digit: 0 stands before the point.
  const place = text.length - scale - 1
  const weight = Math.floor(place / DIGITS_A_GROUP)
  const length = place - weight * DIGITS_A_GROUP + 1
  return { weight, group: Number(text.slice(0, length).padEnd(length, '0')) }
}

function rank(value: Decimal): number {
  if (typeof value !== 'string') return 0
  switch (value) {
    case '-Infinity':
      return -1
    case 'Infinity':
      return 1
    case 'NaN':
      return 2
  }
}
