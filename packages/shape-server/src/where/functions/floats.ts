import { comparisons, type Implementations, plain } from '../routine.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'
import { fitted } from './integers.ts'

const single = Math.fround
const double = (value: number) => value

/** NaN equals itself and is above everything, which is how Postgres orders floats. */
export function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === b ? 0 : a < b ? -1 : 1
}

function overflowed(result: number, ...from: number[]): number {
  const isNew = Math.abs(result) === Number.POSITIVE_INFINITY && from.every(Number.isFinite)
  if (isNew) throw new WhereEvaluationError('value out of range: overflow')
  return result
}

function underflowed(result: number, isZeroExpected: boolean): number {
  if (result === 0 && !isZeroExpected) throw new WhereEvaluationError('value out of range: underflow')
  return result
}

function divided(a: number, b: number, round: (value: number) => number): number {
  if (b === 0 && !Number.isNaN(a)) throw new WhereEvaluationError('division by zero')
  return underflowed(overflowed(round(a / b), a, b), a === 0 || Math.abs(b) === Number.POSITIVE_INFINITY)
}

function squareRoot(a: number): number {
  if (a < 0) throw new WhereEvaluationError('cannot take square root of a negative number')
  return Math.sqrt(a)
}

/** Half to even, as the processor does it. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

function toInteger(value: number, size: 2 | 4 | 8): bigint {
  const name = size === 2 ? 'smallint' : size === 4 ? 'integer' : 'bigint'
  if (!Number.isFinite(value)) throw new WhereEvaluationError(`${name} out of range`)
  return fitted(BigInt(roundHalfEven(value)), size)
}

const arithmetic = (name: string, round: (value: number) => number): Implementations => ({
  [`${name}pl`]: plain((a: number, b: number) => overflowed(round(a + b), a, b)),
  [`${name}mi`]: plain((a: number, b: number) => overflowed(round(a - b), a, b)),
  [`${name}mul`]: plain((a: number, b: number) => underflowed(overflowed(round(a * b), a, b), a === 0 || b === 0)),
  [`${name}div`]: plain((a: number, b: number) => divided(a, b, round)),
  ...comparisons<number, number>((operator) => `${name}${operator}`, compareFloats),
})

const ofOne = (name: string): Implementations => ({
  [`${name}um`]: plain((a: number) => -a),
  [`${name}up`]: plain((a: number) => a),
  [`${name}abs`]: plain((a: number) => Math.abs(a)),
})

export const FLOATS: Implementations = {
  ...arithmetic('float8', double),
  ...arithmetic('float4', single),
  ...arithmetic('float48', double),
  ...arithmetic('float84', double),
  ...ofOne('float8'),
  ...ofOne('float4'),
  dceil: plain((a: number) => Math.ceil(a)),
  dfloor: plain((a: number) => Math.floor(a)),
  dround: plain((a: number) => (Number.isFinite(a) ? roundHalfEven(a) : a)),
  dtrunc: plain((a: number) => Math.trunc(a)),
  dsign: plain((a: number) => (a > 0 ? 1 : a < 0 ? -1 : 0)),
  dsqrt: plain(squareRoot),
  i2tod: plain((a: bigint) => Number(a)),
  i4tod: plain((a: bigint) => Number(a)),
  i8tod: plain((a: bigint) => Number(a)),
  i2tof: plain((a: bigint) => Number(a)),
  i4tof: plain((a: bigint) => single(Number(a))),
  ftod: plain((a: number) => a),
  dtof: plain((a: number) => underflowed(overflowed(single(a), a), a === 0)),
  dtoi2: plain((a: number) => toInteger(a, 2)),
  dtoi4: plain((a: number) => toInteger(a, 4)),
  dtoi8: plain((a: number) => toInteger(a, 8)),
  ftoi2: plain((a: number) => toInteger(a, 2)),
  ftoi4: plain((a: number) => toInteger(a, 4)),
  ftoi8: plain((a: number) => toInteger(a, 8)),
}
