/**
 * How long one run may hold up the others: what takes longer hangs, and all that it does may be done beside another. Long,
 * because a database that is busy with large queries of other tabs is not hung.
 */
const HOLD_MS = 90_000
/** How long somebody waits for their turn. */
const WAIT_MS = 120_000

/** A run took too long, or waited too long for those before it. What it had begun may still end, and does no harm. */
export class ReconcileTimeoutError extends Error {
  override name = 'ReconcileTimeoutError'
  constructor(doing: string, ms: number) {
    super(`${doing} took more than ${ms / 1_000} s.`)
  }
}

export interface ReconcileLockTimes {
  holdMs?: number
  waitMs?: number
}

/**
 * Runs `work` alone among all tabs. Nobody waits for ever behind a tab that hangs: its own time ends it, and stealing the
 * lock would only leave two who believe that they hold it.
 *
 * A browser without Web Locks runs it without: every step of reconciling looks for itself.
 *
 * @throws ReconcileTimeoutError
 */
export async function withReconcileLock<T>(
  name: string,
  work: () => Promise<T>,
  { holdMs = HOLD_MS, waitMs = WAIT_MS }: ReconcileLockTimes = {},
): Promise<T> {
  const bounded = () => within(work(), holdMs, 'Bringing outbox and database together')
  const { locks } = globalThis.navigator ?? {}
  if (!locks) return bounded()
  const waiting = new AbortController()
  const tooLong = new ReconcileTimeoutError('Waiting for another tab', waitMs)
  const timer = setTimeout(() => waiting.abort(tooLong), waitMs)
  try {
    return (await locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer)
      return bounded()
    })) as T
  } finally {
    clearTimeout(timer)
  }
}

function within<T>(promise: Promise<T>, ms: number, doing: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ReconcileTimeoutError(doing, ms)), ms)
    promise.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}
