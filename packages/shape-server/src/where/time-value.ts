export const DAY_US = 86_400_000_000n
/** Stands for infinity, beyond every finite date or timestamp. */
export const INFINITY = 1n << 80n
export const isInfinite = (moment: bigint) => moment === INFINITY || moment === -INFINITY

/** A `time with time zone`. */
export interface ZonedTime {
  /** Since local midnight. */
  microseconds: bigint
  /** East of Greenwich. */
  offsetSeconds: bigint
}

/** Microseconds since midnight. */
export function parseTime(text: string): bigint {
  const [hours = '0', minutes = '0', seconds = '0'] = text.split(':')
  const [whole = '0', fraction = ''] = seconds.split('.')
  return (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(whole)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

export function parseTimeWithZone(text: string): ZonedTime {
  const [, time = '', sign, zone = ''] = /^([\d:.]+)([+-])([\d:]+)$/.exec(text) ?? []
  const offsetSeconds = parseTime(zone) / 1_000_000n
  return { microseconds: parseTime(time), offsetSeconds: sign === '-' ? -offsetSeconds : offsetSeconds }
}

const MOMENT = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d(?:\.\d+)?))?(?:\+00)?( BC)?$/

/** Days since 1970 of a date in Postgres' ISO form. */
export const parseDate = (text: string): bigint => parseMoment(text, ({ days }) => days)

/** Microseconds since 1970 of a timestamp or (in UTC) a timestamp with time zone, in Postgres' ISO form. */
export const parseTimestamp = (text: string): bigint => parseMoment(text, ({ days, time }) => days * DAY_US + time)

function parseMoment(text: string, read: (moment: { days: bigint; time: bigint }) => bigint): bigint {
  if (text === 'infinity') return INFINITY
  if (text === '-infinity') return -INFINITY
  const match = MOMENT.exec(text)
  if (!match) throw new RangeError(`not a point in time: ${text}`)
  const [, year = '', month = '1', day = '1', time = '00:00:00', era] = match
  const astronomicalYear = era ? 1n - BigInt(year) : BigInt(year)
  return read({
    days: daysSince1970({ year: astronomicalYear, month: BigInt(month), day: BigInt(day) }),
    time: parseTime(time),
  })
}

/** Year 0 is 1 BC. */
export interface CivilDate {
  year: bigint
  month: bigint
  day: bigint
}

/** Days of the Gregorian calendar carried back before its beginning. JavaScript's dates end before Postgres' do. */
export function daysSince1970({ year, month, day }: CivilDate): bigint {
  // Years begin in March here, so that the leap day is their last.
  const y = month <= 2n ? year - 1n : year
  const era = floorDivide(y, 400n)
  const yearOfEra = y - era * 400n
  const dayOfYear = (153n * (month + (month > 2n ? -3n : 9n)) + 2n) / 5n + day - 1n
  const dayOfEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear
  return era * 146_097n + dayOfEra - 719_468n
}

/** The inverse of `daysSince1970`. */
export function civilDate(days: bigint): CivilDate {
  const shifted = days + 719_468n
  const era = floorDivide(shifted, 146_097n)
  const dayOfEra = shifted - era * 146_097n
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const monthFromMarch = (5n * dayOfYear + 2n) / 153n
  const day = dayOfYear - (153n * monthFromMarch + 2n) / 5n + 1n
  const month = monthFromMarch + (monthFromMarch < 10n ? 3n : -9n)
  return { year: yearOfEra + era * 400n + (month <= 2n ? 1n : 0n), month, day }
}

/** Adds months and stays within the month that is reached: a month after 31 January is the end of February. */
export function addMonths(days: bigint, months: bigint): bigint {
  const { year, month, day } = civilDate(days)
  const index = year * 12n + month - 1n + months
  const target = { year: floorDivide(index, 12n), month: floorModulo(index, 12n) + 1n }
  const next = { year: floorDivide(index + 1n, 12n), month: floorModulo(index + 1n, 12n) + 1n, day: 1n }
  const length = daysSince1970(next) - daysSince1970({ ...target, day: 1n })
  if (day <= length) return daysSince1970({ ...target, day })
  return daysSince1970({ ...target, day: length })
}

export const floorDivide = (a: bigint, b: bigint) => (a >= 0n ? a : a - b + 1n) / b
export const floorModulo = (a: bigint, b: bigint) => a - floorDivide(a, b) * b
