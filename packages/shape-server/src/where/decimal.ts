/** A `numeric`: `digits` × 10^-`scale`, or one of the values beyond all others. */
export type Decimal = { digits: bigint; scale: number } | 'NaN' | 'Infinity' | '-Infinity'

export function parseDecimal(text: string): Decimal {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return text
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

/** As Postgres orders them: -Infinity, the numbers, Infinity, NaN; NaN equals itself. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (typeof a === 'string' || typeof b === 'string') return rank(a) - rank(b)
  const scale = Math.max(a.scale, b.scale)
  const left = a.digits * 10n ** BigInt(scale - a.scale)
  const right = b.digits * 10n ** BigInt(scale - b.scale)
  return left < right ? -1 : left > right ? 1 : 0
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
