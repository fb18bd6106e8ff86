const FIRST_CEILING_MS = 1_000
const LONGEST_DELAY_MS = 60_000

export interface RetryDelayOptions {
  /** What the server asked for: never sooner. */
  retryAfterMs?: number
  random?: () => number
}

/**
 * After how many milliseconds to try again after `failures` in a row: full jitter below a ceiling that doubles to a
 * minute, on top of what the server asked for. Without the jitter on top all devices would come back in the same moment.
 */
export function retryDelayMs(
  failures: number,
  { retryAfterMs = 0, random = Math.random }: RetryDelayOptions = {},
): number {
  const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_CEILING_MS * 2 ** Math.max(0, failures - 1))
  return retryAfterMs + random() * ceilingMs
}

const LONGEST_RETRY_AFTER_MS = 60 * 60_000

/** `Retry-After` in milliseconds, given in seconds or as a date; 0 when there is none or it says nothing. */
export function readRetryAfterMs(headers: Headers, nowMs = Date.now()): number {
  const given = headers.get('retry-after')
  if (!given) return 0
  const isDate = /^[a-z]{3}/i.test(given.trim())
  const delayMs = isDate ? Date.parse(given) - nowMs : Number(given) * 1_000
  return Number.isFinite(delayMs) ? Math.min(Math.max(0, delayMs), LONGEST_RETRY_AFTER_MS) : 0
}
