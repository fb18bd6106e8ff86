import { setTimeout as wait } from 'node:timers/promises'
import { blameOf, codeOf } from './blame.ts'

export interface RetryPolicy {
  /** Attempts in all. */
  maxAttempts: number
  /** The wait before the second attempt is at most this; each later one at most twice the one before. */
  baseMs: number
  /** No attempt begins later than this after the first one did: the device waits for an answer. */
  deadlineMs: number
}

/** A restart of Postgres takes a second or two; a deadlock is over at once. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 5, baseMs: 100, deadlineMs: 8_000 }

/**
 * Runs a transaction again when it died as a whole: deadlock, serialisation failure, lost connection, restart.
 *
 * What it does must be harmless to repeat, also when the commit arrived and only its answer was lost.
 *
 * @param onDeath told what each attempt died of, also the last one
 */
export async function retryTransaction<T>(
  transaction: () => Promise<T>,
  onDeath: (code: string) => void,
  policy: RetryPolicy = DEFAULT_RETRY_POLICY,
): Promise<T> {
  const beganAtMs = performance.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction()
    } catch (error) {
      const code = codeOf(error)
      if (code) onDeath(code)
      const isOver = attempt === policy.maxAttempts || performance.now() - beganAtMs > policy.deadlineMs
      if (isOver || blameOf(error) !== 'batch') throw error
      // Two transactions that met once must not meet again.
      await wait(Math.random() * policy.baseMs * 2 ** (attempt - 1))
    }
  }
}
