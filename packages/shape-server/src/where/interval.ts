/** An interval keeps its three parts apart: a month has no certain number of days, nor a day of hours. */
export interface Interval {
  months: bigint
  days: bigint
  microseconds: bigint
}

/** Reads ISO 8601 as Postgres prints it, `P1Y2M3DT4H5M6.7S`; every number may have a sign of its own. */
export function parseInterval(text: string): Interval | 'infinity' | '-infinity' {
  if (text === 'infinity' || text === '-infinity') return text
  const match =
    /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/.exec(
      text,
    )
  if (!match) throw new RangeError(`not an interval: ${text}`)
  const part = (index: number) => BigInt(match[index] ?? 0)
  const seconds = part(8) * 1_000_000n + BigInt((match[9] ?? '').padEnd(6, '0'))
  return {
    months: part(1) * 12n + part(2),
    days: part(3) * 7n + part(4),
    microseconds: (part(5) * 3600n + part(6) * 60n) * 1_000_000n + (match[7] === '-' ? -seconds : seconds),
  }
}
