export const BACKOFF_BASE_MS = 1_000
export const BACKOFF_CAP_MS = 5 * 60_000
/** A server may ask for more patience than our cap, up to this. */
export const RETRY_AFTER_CAP_MS = 60 * 60_000

/** Full jitter: anywhere between 0 and 1 s · 2ⁿ, at most 5 minutes, and never before `Retry-After`. */
export function backoffMs(failures: number, retryAfterMs: number | undefined, random: () => number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 20))
  const jittered = Math.round(random() * ceiling)
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, RETRY_AFTER_CAP_MS))
}

/**
 * `Retry-After` as seconds or as an HTTP date, in milliseconds from now. A date is by the server's clock, so it is counted
 * from the answer's own `Date` where it has one.
 */
export function parseRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const header = headers.get('retry-after')
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000)
  const date = Date.parse(header)
  if (Number.isNaN(date)) return undefined
  const answeredMs = Date.parse(headers.get('date') ?? '')
  return Math.max(0, date - (Number.isNaN(answeredMs) ? nowMs : answeredMs))
}

/**
 * Whether the time has come. A clock that shows an earlier time than when the wait began was put back, and a time further
 * ahead than we would ever set it was set by a clock that stood wrong: neither may hold anything up.
 */
export function isDue(wait: { fromMs: number; notBeforeMs: number }, nowMs: number): boolean {
  return wait.notBeforeMs <= nowMs || nowMs < wait.fromMs || wait.notBeforeMs - nowMs > RETRY_AFTER_CAP_MS
}
