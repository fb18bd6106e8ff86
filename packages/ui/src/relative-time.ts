const STEPS = [
  { unit: 'second', ms: 1_000, until: 60_000 },
  { unit: 'minute', ms: 60_000, until: 3_600_000 },
  { unit: 'hour', ms: 3_600_000, until: 86_400_000 },
  { unit: 'day', ms: 86_400_000, until: 7 * 86_400_000 },
  { unit: 'week', ms: 7 * 86_400_000, until: 30 * 86_400_000 },
  { unit: 'month', ms: 30 * 86_400_000, until: 365 * 86_400_000 },
  { unit: 'year', ms: 365 * 86_400_000, until: Number.POSITIVE_INFINITY },
] as const satisfies { unit: Intl.RelativeTimeFormatUnit; ms: number; until: number }[]

/** Below this a number of seconds is noise, and says "now". */
const NOW_MS = 10_000

/** "3 minutes ago", in the reader's language; both times in milliseconds since 1970. */
export function relativeTime(thenMs: number, nowMs: number, locale: string): string {
  const distance = thenMs - nowMs
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (Math.abs(distance) < NOW_MS) return format.format(0, 'second')
  const step = STEPS.find(({ until }) => Math.abs(distance) < until) ?? STEPS[STEPS.length - 1]
  return format.format(Math.trunc(distance / (step?.ms ?? 1_000)), step?.unit ?? 'second')
}
