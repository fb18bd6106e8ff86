import { comparisons, type Implementations, inOrder, plain } from '../routine.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'

type Size = 2 | 4 | 8
const SIZES: readonly Size[] = [2, 4, 8]
const NAMES: Record<Size, string> = { 2: 'smallint', 4: 'integer', 8: 'bigint' }

/** Fails as Postgres does when the value does not fit. */
export function fitted(value: bigint, size: Size): bigint {
  if (BigInt.asIntN(size * 8, value) !== value) throw new WhereEvaluationError(`${NAMES[size]} out of range`)
  return value
}

export function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new WhereEvaluationError('division by zero')
  return divisor
}

const pairs = SIZES.flatMap((left) => SIZES.map((right) => ({ left, right, larger: Math.max(left, right) as Size })))

export const INTEGERS: Implementations = Object.assign(
  {},
  ...pairs.map(({ left, right, larger }) => {
    const name = left === right ? `int${left}` : `int${left}${right}`
    return {
      ...comparisons<bigint, bigint>((operator) => `${name}${operator}`, inOrder),
      [`${name}pl`]: plain((a: bigint, b: bigint) => fitted(a + b, larger)),
      [`${name}mi`]: plain((a: bigint, b: bigint) => fitted(a - b, larger)),
      [`${name}mul`]: plain((a: bigint, b: bigint) => fitted(a * b, larger)),
      [`${name}div`]: plain((a: bigint, b: bigint) => fitted(a / nonZero(b), larger)),
    }
  }),
  ...SIZES.map((size) => ({
    [`int${size}mod`]: plain((a: bigint, b: bigint) => a % nonZero(b)),
    [`int${size}um`]: plain((a: bigint) => fitted(-a, size)),
    [`int${size}up`]: plain((a: bigint) => a),
    [`int${size}abs`]: plain((a: bigint) => fitted(a < 0n ? -a : a, size)),
    [`int${size}and`]: plain((a: bigint, b: bigint) => a & b),
    [`int${size}or`]: plain((a: bigint, b: bigint) => a | b),
    [`int${size}xor`]: plain((a: bigint, b: bigint) => a ^ b),
    [`int${size}not`]: plain((a: bigint) => ~a),
  })),
  {
    i2toi4: plain((a: bigint) => a),
    i4toi2: plain((a: bigint) => fitted(a, 2)),
    int28: plain((a: bigint) => a),
    int82: plain((a: bigint) => fitted(a, 2)),
    int48: plain((a: bigint) => a),
    int84: plain((a: bigint) => fitted(a, 4)),
    int4_bool: plain((a: bigint) => a !== 0n),
    bool_int4: plain((a: boolean) => (a ? 1n : 0n)),
  },
)
