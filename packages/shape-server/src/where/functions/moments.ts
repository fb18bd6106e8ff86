import type { Interval } from '../interval.ts'
import { comparisons, type Implementations, inOrder, plain } from '../routine.ts'
import { checkedDate, checkedTimestamp } from '../time-text.ts'
import { addMonths, DAY_US, floorDivide, floorModulo, INFINITY, isInfinite, type ZonedTime } from '../time-value.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'
import { type AnyInterval, negated } from './intervals.ts'

const midnight = (days: bigint) => (isInfinite(days) ? days : days * DAY_US)
/** Fails when the date lies beyond the last timestamp. */
const toTimestamp = (days: bigint) => checkedTimestamp(midnight(days), 'date out of range for timestamp')
const toDate = (moment: bigint) => (isInfinite(moment) ? moment : floorDivide(moment, DAY_US))

function shifted(moment: bigint, interval: AnyInterval): bigint {
  if (typeof interval === 'string') {
    const infinity = interval === 'infinity' ? INFINITY : -INFINITY
    if (isInfinite(moment) && moment !== infinity) throw new WhereEvaluationError('timestamp out of range')
    return infinity
  }
  if (isInfinite(moment)) return moment
  const { months, days, microseconds } = interval
  let day = floorDivide(moment, DAY_US)
  const time = floorModulo(moment, DAY_US)
  if (months !== 0n) day = addMonths(day, months)
  checkedTimestamp(day * DAY_US + time)
  checkedTimestamp((day + days) * DAY_US + time)
  return checkedTimestamp((day + days) * DAY_US + time + microseconds)
}

/** Whole days of 24 hours, and the rest. */
function difference(a: bigint, b: bigint): AnyInterval {
  if (isInfinite(a) || isInfinite(b)) {
    if (a === b) throw new WhereEvaluationError('interval out of range')
    return a === INFINITY || b === -INFINITY ? 'infinity' : '-infinity'
  }
  const microseconds = a - b
  if (BigInt.asIntN(64, microseconds) !== microseconds) throw new WhereEvaluationError('interval out of range')
  return { months: 0n, days: microseconds / DAY_US, microseconds: microseconds % DAY_US }
}

function datesApart(a: bigint, b: bigint): bigint {
  if (isInfinite(a) || isInfinite(b)) throw new WhereEvaluationError('cannot subtract infinite dates')
  return a - b
}

const dateShifted = (days: bigint, count: bigint) => (isInfinite(days) ? days : checkedDate(days + count))

/** A time of day turns around at midnight; months and days of the interval do not count. */
function timeShifted(time: bigint, interval: AnyInterval): bigint {
  if (typeof interval === 'string') throw new WhereEvaluationError('cannot add infinite interval to time')
  return floorModulo(time + interval.microseconds, DAY_US)
}

const timeOfDay = (moment: bigint) => (isInfinite(moment) ? null : floorModulo(moment, DAY_US))

export function compareZonedTimes(a: ZonedTime, b: ZonedTime): number {
  const instant = ({ microseconds, offsetSeconds }: ZonedTime) => microseconds - offsetSeconds * 1_000_000n
  return inOrder(instant(a), instant(b)) || inOrder(b.offsetSeconds, a.offsetSeconds)
}

type Compare = (a: bigint, b: bigint) => number
const compare = (names: string[], by: Compare) =>
  Object.assign({}, ...names.map((name) => comparisons<bigint, bigint>((operator) => name.replace('?', operator), by)))

const plus = plain(shifted)
const minus = plain((moment: bigint, interval: AnyInterval) => shifted(moment, negated(interval)))
const swapped = plain((interval: AnyInterval, moment: bigint) => shifted(moment, interval))

export const MOMENTS: Implementations = {
  ...compare(
    ['date_?', 'time_?', 'timestamp_?', 'timestamptz_?', 'timestamp_?_timestamptz', 'timestamptz_?_timestamp'],
    inOrder,
  ),
  ...compare(['date_?_timestamp', 'date_?_timestamptz'], (a, b) => inOrder(midnight(a), b)),
  ...compare(['timestamp_?_date', 'timestamptz_?_date'], (a, b) => inOrder(a, midnight(b))),
  ...comparisons<ZonedTime, ZonedTime>((operator) => `timetz_${operator}`, compareZonedTimes),
  date_pli: plain(dateShifted),
  integer_pl_date: plain((count: bigint, days: bigint) => dateShifted(days, count)),
  date_mii: plain((days: bigint, count: bigint) => dateShifted(days, -count)),
  date_mi: plain(datesApart),
  date_pl_interval: plain((days: bigint, interval: AnyInterval) => shifted(toTimestamp(days), interval)),
  date_mi_interval: plain((days: bigint, interval: AnyInterval) => shifted(toTimestamp(days), negated(interval))),
  interval_pl_date: plain((interval: AnyInterval, days: bigint) => shifted(toTimestamp(days), interval)),
  timestamp_pl_interval: plus,
  timestamp_mi_interval: minus,
  timestamptz_pl_interval: plus,
  timestamptz_mi_interval: minus,
  interval_pl_timestamp: swapped,
  interval_pl_timestamptz: swapped,
  timestamp_mi: plain(difference),
  time_pl_interval: plain(timeShifted),
  time_mi_interval: plain((time: bigint, interval: AnyInterval) => timeShifted(time, negated(interval))),
  interval_pl_time: plain((interval: AnyInterval, time: bigint) => timeShifted(time, interval)),
  time_mi_time: plain((a: bigint, b: bigint): Interval => ({ months: 0n, days: 0n, microseconds: a - b })),
  date_timestamp: plain(toTimestamp),
  date_timestamptz: plain(toTimestamp),
  timestamp_date: plain(toDate),
  timestamptz_date: plain(toDate),
  timestamp_timestamptz: plain((moment: bigint) => moment),
  timestamptz_timestamp: plain((moment: bigint) => moment),
  timestamp_time: plain(timeOfDay),
  timestamptz_time: plain(timeOfDay),
  time_interval: plain((time: bigint): Interval => ({ months: 0n, days: 0n, microseconds: time })),
  timetz_time: plain(({ microseconds }: ZonedTime) => microseconds),
}
