import type { Interval } from '../interval.ts'
import { comparisons, type Implementations, inOrder, plain } from '../routine.ts'
import { DAY_US, INFINITY } from '../time-value.ts'
import { WhereEvaluationError } from '../where-evaluation-error.ts'

export type AnyInterval = Interval | 'infinity' | '-infinity'

const DAYS_A_MONTH = 30n

/** As Postgres compares them: a month has 30 days, a day 24 hours. */
function length(interval: AnyInterval): bigint {
  if (typeof interval === 'string') return interval === 'infinity' ? INFINITY << 40n : -INFINITY << 40n
  return (interval.months * DAYS_A_MONTH + interval.days) * DAY_US + interval.microseconds
}

function checked(interval: Interval): Interval {
  const { months, days, microseconds } = interval
  const fits =
    BigInt.asIntN(32, months) === months &&
    BigInt.asIntN(32, days) === days &&
    BigInt.asIntN(64, microseconds) === microseconds
  if (!fits) throw new WhereEvaluationError('interval out of range')
  return interval
}

export function negated(interval: AnyInterval): AnyInterval {
  if (typeof interval === 'string') return interval === 'infinity' ? '-infinity' : 'infinity'
  const { months, days, microseconds } = interval
  return checked({ months: -months, days: -days, microseconds: -microseconds })
}

function sum(a: AnyInterval, b: AnyInterval): AnyInterval {
  if (typeof a === 'string' || typeof b === 'string') {
    if (typeof a === 'string' && typeof b === 'string' && a !== b)
      throw new WhereEvaluationError('interval out of range')
    return typeof a === 'string' ? a : b
  }
  return checked({
    months: a.months + b.months,
    days: a.days + b.days,
    microseconds: a.microseconds + b.microseconds,
  })
}

export const compareIntervals = (a: AnyInterval, b: AnyInterval) => inOrder(length(a), length(b))

export const INTERVALS: Implementations = {
  ...comparisons<AnyInterval, AnyInterval>((operator) => `interval_${operator}`, compareIntervals),
  interval_um: plain(negated),
  interval_pl: plain(sum),
  interval_mi: plain((a: AnyInterval, b: AnyInterval) => sum(a, negated(b))),
}
