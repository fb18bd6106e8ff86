import type { Interval } from './interval.ts'
import { civilDate, DAY_US, floorDivide, floorModulo, INFINITY, isInfinite, type ZonedTime } from './time-value.ts'
import { WhereEvaluationError } from './where-evaluation-error.ts'

/** The text that Postgres prints in the session settings of this package: ISO, in UTC. */
export function dateToText(days: bigint): string {
  if (isInfinite(days)) return days === INFINITY ? 'infinity' : '-infinity'
  const { text, era } = printedDate(days)
  return text + era
}

export function timestampToText(microseconds: bigint, zone: '' | '+00'): string {
  if (isInfinite(microseconds)) return microseconds === INFINITY ? 'infinity' : '-infinity'
  const { text, era } = printedDate(floorDivide(microseconds, DAY_US))
  return `${text} ${timeToText(floorModulo(microseconds, DAY_US))}${zone}${era}`
}

export function timeToText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n
  const fraction = (microseconds % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '')
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(':')
  return fraction === '' ? clock : `${clock}.${fraction}`
}

export function zonedTimeToText({ microseconds, offsetSeconds }: ZonedTime): string {
  const west = offsetSeconds < 0n
  const seconds = west ? -offsetSeconds : offsetSeconds
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n]
  while (parts.length > 1 && parts.at(-1) === 0n) parts.pop()
  return `${timeToText(microseconds)}${west ? '-' : '+'}${parts.map(two).join(':')}`
}

/** Months and years of one interval have one sign, and so have its hours, minutes and seconds. */
export function intervalToText(interval: Interval | 'infinity' | '-infinity'): string {
  if (typeof interval === 'string') return interval
  const { months, days, microseconds } = interval
  const date = [part(months / 12n, 'Y'), part(months % 12n, 'M'), part(days, 'D')].join('')
  const seconds = microseconds / 1_000_000n
  const fraction = microseconds % 1_000_000n
  const time = [
    part(seconds / 3600n, 'H'),
    part((seconds / 60n) % 60n, 'M'),
    secondsPart(seconds % 60n, fraction),
  ].join('')
  if (date === '' && time === '') return 'PT0S'
  return `P${date}${time === '' ? '' : `T${time}`}`
}

const part = (count: bigint, unit: string) => (count === 0n ? '' : `${count}${unit}`)

function secondsPart(whole: bigint, fraction: bigint): string {
  if (whole === 0n && fraction === 0n) return ''
  const size = (value: bigint) => (value < 0n ? -value : value)
  const decimals = size(fraction).toString().padStart(6, '0').replace(/0+$/, '')
  return `${whole < 0n || fraction < 0n ? '-' : ''}${size(whole)}${decimals === '' ? '' : `.${decimals}`}S`
}

function printedDate(days: bigint): { text: string; era: string } {
  const { year, month, day } = civilDate(days)
  const shown = year > 0n ? year : 1n - year
  return { text: `${shown.toString().padStart(4, '0')}-${two(month)}-${two(day)}`, era: year > 0n ? '' : ' BC' }
}

const two = (part: bigint) => part.toString().padStart(2, '0')

const MIN_DATE = -2_440_588n
const END_DATE = 2_147_483_494n - 2_440_588n
const MIN_TIMESTAMP = MIN_DATE * DAY_US
const END_TIMESTAMP = 9_223_371_331_200_000_000n + 10_957n * DAY_US

export function checkedDate(days: bigint): bigint {
  if (!isInfinite(days) && (days < MIN_DATE || days >= END_DATE)) throw new WhereEvaluationError('date out of range')
  return days
}

export function checkedTimestamp(microseconds: bigint, message = 'timestamp out of range'): bigint {
  if (isInfinite(microseconds)) return microseconds
  if (microseconds < MIN_TIMESTAMP || microseconds >= END_TIMESTAMP) throw new WhereEvaluationError(message)
  return microseconds
}
