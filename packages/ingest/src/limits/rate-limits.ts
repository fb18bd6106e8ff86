import { ProblemError } from '@landfall/contract'
import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'

/** Operations a minute. A limit never loses a lead: the device is told when to come again, and waits. */
export interface RateLimitOptions {
  perDevice: number
  perAddress: number
  perTenant: number
}

export const DEFAULT_RATE_LIMITS: RateLimitOptions = { perDevice: 600, perAddress: 3_000, perTenant: 30_000 }

export interface RateLimited {
  tenantId: string
  /** Client id of a device or user id of a member. */
  actor: string
  /** Network address, as far as it is known. */
  address: string
}

export class RateLimits {
  readonly #limiters: { limiter: RateLimiterPostgres; keyOf: (who: RateLimited) => string }[]

  /** @param pool connections of the app's role; the counters are in its table `rate_limits` */
  constructor(pool: pg.Pool, options: RateLimitOptions = DEFAULT_RATE_LIMITS) {
    const limiter = (keyPrefix: string, points: number) =>
      new RateLimiterPostgres({
        storeClient: pool,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        keyPrefix,
        points,
        duration: 60,
      })
    this.#limiters = [
      { limiter: limiter('device', options.perDevice), keyOf: (who) => `${who.tenantId}:${who.actor}` },
      {
        limiter: limiter('address', options.perAddress),
        keyOf: (who) => `${who.tenantId}:${who.address.slice(0, 64)}`,
      },
      { limiter: limiter('tenant', options.perTenant), keyOf: (who) => who.tenantId },
    ]
  }

  /** Counts the operations, or throws `too_many_requests` with the time to wait. */
  async consume(who: RateLimited, operations: number): Promise<void> {
    for (const { limiter, keyOf } of this.#limiters) {
      try {
        await limiter.consume(keyOf(who), operations)
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw new ProblemError('too_many_requests', 'Nothing is lost: send the same again later.', {
          retryAfterMs: refusal.msBeforeNext,
        })
      }
    }
  }
}
