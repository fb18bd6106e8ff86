import { createHash } from 'node:crypto'
import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

export const FAILED_SIGN_INS = { points: 10, durationSeconds: 10 * 60 } as const

/**
 * How often somebody may guess the password of one account, from however many addresses. An attempt counts before the
 * password is looked at, so that guesses at the same moment all count; the right one clears the count.
 */
export class SignInLimit {
  readonly #limiter: RateLimiterPostgres

  /** @param pool connections of the app's role; the counters are in its table `rate_limits` */
  constructor(pool: pg.Pool) {
    this.#limiter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: 'sign-in',
      points: FAILED_SIGN_INS.points,
      duration: FAILED_SIGN_INS.durationSeconds,
    })
  }

  /** @returns how long to wait when there were too many already */
  async countAttempt(email: string): Promise<{ waitMs: number } | undefined> {
    try {
      await this.#limiter.consume(keyOf(email))
      return undefined
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      return { waitMs: refusal.msBeforeNext }
    }
  }

  async forget(email: string): Promise<void> {
    await this.#limiter.delete(keyOf(email))
  }
}

/** As sign-in looks it up, of a length that the table takes, and no address that could be read there. */
function keyOf(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('hex')
}
