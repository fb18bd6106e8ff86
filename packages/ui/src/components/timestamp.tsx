import { readersLocale } from '../readers-locale.ts'

export interface TimestampProps {
  /** ISO 8601. */
  value: string
  /** Language of the page; the reader's region decides on the order of day and month. */
  locale: string
  /** IANA name; without it the server's zone shows, so give the tenant's or the reader's. */
  timeZone?: string
  precision?: 'minute' | 'second' | 'day' | 'time'
}

const FORMATS = {
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  second: { dateStyle: 'medium', timeStyle: 'medium' },
  day: { dateStyle: 'medium' },
  /** Where the day is plain from what stands around it. */
  time: { timeStyle: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** A point in time as the reader writes it. */
export function Timestamp({ value, locale, timeZone, precision = 'minute' }: TimestampProps) {
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) return <span>–</span>
  const zone = timeZone ? { timeZone } : {}
  const format = new Intl.DateTimeFormat(readersLocale(locale), { ...FORMATS[precision], ...zone })
  return (
    <time dateTime={date.toISOString()} suppressHydrationWarning>
      {format.format(date)}
    </time>
  )
}
