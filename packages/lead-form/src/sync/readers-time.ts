/** The page's language as the reader's region writes it, so that a clock has 12 hours or 24 as they are used to. */
function readersLocale(
  language: string,
  preferred: readonly string[] = typeof navigator === 'undefined' ? [] : navigator.languages,
): string {
  return preferred.find((tag) => tag.startsWith(`${language}-`)) ?? language
}

/** A time of day to the second; `atMs` since 1970. */
export function clockTime(atMs: number, language: string, preferred?: readonly string[]): string {
  return new Intl.DateTimeFormat(readersLocale(language, preferred), { timeStyle: 'medium' }).format(atMs)
}

const UNITS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

/** "3 minutes ago"; below a minute "now". A time that a clock put back has left in the future is now, too. */
export function timeAgo(atMs: number, nowMs: number, language: string): string {
  const passedMs = Math.max(0, nowMs - atMs)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const step = UNITS.find(({ ms }) => passedMs >= ms)
  return step ? format.format(-Math.trunc(passedMs / step.ms), step.unit) : format.format(0, 'second')
}
