const MICROSECONDS_A_DAY = 86_400_000_000n
/** Beyond every finite value of any of the types. */
const INFINITY = 1n << 80n

/** Microseconds since midnight. */
export function parseTime(text: string): bigint {
  const [hours = '0', minutes = '0', seconds = '0'] = text.split(':')
  const [whole = '0', fraction = ''] = seconds.split('.')
  return (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(whole)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

/** Microseconds since 1970 of a date, a timestamp or (in UTC) a timestamp with time zone, in Postgres' ISO form. */
export function parseTimestamp(text: string): bigint {
  if (text === 'infinity') return INFINITY
  if (text === '-infinity') return -INFINITY
  const match = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?))?(?:\+00)?( BC)?$/.exec(text)
  if (!match) throw new RangeError(`not a point in time: ${text}`)
  const [, year = '', month, day, time = '00:00:00', era] = match
  const astronomicalYear = era ? 1n - BigInt(year) : BigInt(year)
  return daysSince1970(astronomicalYear, BigInt(month ?? 1), BigInt(day ?? 1)) * MICROSECONDS_A_DAY + parseTime(time)
}

/** Days of the Gregorian calendar carried back before its beginning. JavaScript's dates end before Postgres' do. */
function daysSince1970(year: bigint, month: bigint, day: bigint): bigint {
  // Years begin in March here, so that the leap day is their last.
  const y = month <= 2n ? year - 1n : year
  const era = (y >= 0n ? y : y - 399n) / 400n
  const yearOfEra = y - era * 400n
  const dayOfYear = (153n * (month + (month > 2n ? -3n : 9n)) + 2n) / 5n + day - 1n
  const dayOfEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear
  return era * 146_097n + dayOfEra - 719_468n
}

/** Microseconds of an ISO 8601 interval, counted as Postgres compares them: a month has 30 days, a day 24 hours. */
export function parseInterval(text: string): bigint {
  const match =
    /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)W)?(?:(-?\d+)D)?(?:T(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?)(\d+)(?:\.(\d+))?S)?)?$/.exec(
      text,
    )
  if (!match) throw new RangeError(`not an interval: ${text}`)
  const part = (index: number) => BigInt(match[index] ?? 0)
  const days = (part(1) * 12n + part(2)) * 30n + part(3) * 7n + part(4)
  const seconds = part(8) * 1_000_000n + BigInt((match[9] ?? '').padEnd(6, '0'))
  return (
    days * MICROSECONDS_A_DAY + (part(5) * 3600n + part(6) * 60n) * 1_000_000n + (match[7] === '-' ? -seconds : seconds)
  )
}
