export interface TimestampProps {
  /** ISO 8601. */
  value: string
  locale: string
  /** IANA name; without it the server's zone shows, so give the tenant's or the reader's. */
  timeZone?: string
  precision?: 'minute' | 'second' | 'day'
}

const FORMATS = {
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  second: { dateStyle: 'medium', timeStyle: 'medium' },
  day: { dateStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

/** A point in time as the reader writes it. */
export function Timestamp({ value, locale, timeZone, precision = 'minute' }: TimestampProps) {
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) return <span>–</span>
  const format = new Intl.DateTimeFormat(locale, { ...FORMATS[precision], ...(timeZone ? { timeZone } : {}) })
  return (
    <time dateTime={date.toISOString()} suppressHydrationWarning>
      {format.format(date)}
    </time>
  )
}
