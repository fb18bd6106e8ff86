import { type Decimal, decimalOf } from '../decimal.ts'
import { type Call, type Implementations, refuse } from '../routine.ts'
import { checkedTimestamp } from '../time-text.ts'
import { civilDate, DAY_US, daysSince1970, floorDivide, floorModulo, INFINITY, isInfinite } from '../time-value.ts'

type Field = (moment: Moment) => Decimal

interface Moment {
  days: bigint
  /** Of the day, in microseconds. */
  time: bigint
}

/** The year before 1 is -1. */
const shownYear = (year: bigint) => (year > 0n ? year : year - 1n)
/** Monday is 0. */
const weekday = (days: bigint) => floorModulo(days + 3n, 7n)

/** Of these, infinity has one; of the others it has none. */
const GROWING = new Set(['year', 'epoch'])

const DATE_FIELDS: Record<string, Field> = {
  year: ({ days }) => decimalOf(shownYear(civilDate(days).year)),
  quarter: ({ days }) => decimalOf((civilDate(days).month - 1n) / 3n + 1n),
  month: ({ days }) => decimalOf(civilDate(days).month),
  day: ({ days }) => decimalOf(civilDate(days).day),
  dow: ({ days }) => decimalOf(floorModulo(weekday(days) + 1n, 7n)),
  isodow: ({ days }) => decimalOf(weekday(days) + 1n),
  doy: ({ days }) => decimalOf(days - daysSince1970({ ...civilDate(days), month: 1n, day: 1n }) + 1n),
}

const TIME_FIELDS: Record<string, Field> = {
  hour: ({ time }) => decimalOf(time / 3_600_000_000n),
  minute: ({ time }) => decimalOf((time / 60_000_000n) % 60n),
  second: ({ time }) => decimalOf(time % 60_000_000n, 6),
  milliseconds: ({ time }) => decimalOf(time % 60_000_000n, 3),
  microseconds: ({ time }) => decimalOf(time % 60_000_000n),
}

const TIMESTAMP_FIELDS: Record<string, Field> = {
  ...DATE_FIELDS,
  ...TIME_FIELDS,
  epoch: ({ days, time }) => decimalOf(days * DAY_US + time, 6),
}

const WITH_EPOCH: Record<string, Field> = { ...DATE_FIELDS, epoch: ({ days }) => decimalOf(days * 86_400n) }

/** `extract(field from …)`; the field must stand there as a literal. */
function extract(fields: Record<string, Field>, split: (value: bigint) => Moment) {
  return (call: Call) => {
    const name = call.literalText(0)?.toLowerCase() ?? ''
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!field) return refuse(`unsupported field ${JSON.stringify(name)} of extract`)
    return (_: string, value: bigint): Decimal | null => {
      if (!isInfinite(value)) return field(split(value))
      if (!GROWING.has(name)) return null
      return value === INFINITY ? 'Infinity' : '-Infinity'
    }
  }
}

const splitTimestamp = (moment: bigint) => ({ days: floorDivide(moment, DAY_US), time: floorModulo(moment, DAY_US) })

type Truncate = (moment: Moment) => bigint

const toMonth =
  (count: (month: bigint) => bigint): Truncate =>
  ({ days }) => {
    const { year, month } = civilDate(days)
    return daysSince1970({ year, month: count(month), day: 1n }) * DAY_US
  }
const toTime =
  (unit: bigint): Truncate =>
  ({ days, time }) =>
    days * DAY_US + (time - (time % unit))

const TRUNCATIONS: Record<string, Truncate> = {
  microseconds: toTime(1n),
  milliseconds: toTime(1_000n),
  second: toTime(1_000_000n),
  minute: toTime(60_000_000n),
  hour: toTime(3_600_000_000n),
  day: toTime(DAY_US),
  week: ({ days }) => (days - weekday(days)) * DAY_US,
  month: toMonth((month) => month),
  quarter: toMonth((month) => month - ((month - 1n) % 3n)),
  year: toMonth(() => 1n),
}

/** `date_trunc('unit', …)`; the unit must stand there as a literal. */
function truncate(call: Call) {
  const name = call.literalText(0)?.toLowerCase() ?? ''
  const unit = Object.hasOwn(TRUNCATIONS, name) ? TRUNCATIONS[name] : undefined
  if (!unit) return refuse(`unsupported unit ${JSON.stringify(name)} of date_trunc`)
  return (_: string, moment: bigint) => (isInfinite(moment) ? moment : checkedTimestamp(unit(splitTimestamp(moment))))
}

export const CALENDAR_FIELDS: Implementations = {
  extract_date: extract(WITH_EPOCH, (days) => ({ days, time: 0n })),
  extract_timestamp: extract(TIMESTAMP_FIELDS, splitTimestamp),
  extract_timestamptz: extract(TIMESTAMP_FIELDS, splitTimestamp),
  extract_time: extract({ ...TIME_FIELDS, epoch: ({ time }) => decimalOf(time, 6) }, (time) => ({ days: 0n, time })),
  timestamp_trunc: truncate,
  timestamptz_trunc: truncate,
}
