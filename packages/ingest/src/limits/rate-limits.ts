import { ProblemError } from '@landfall/contract'
import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { OneConnectionPool } from './one-connection-pool.ts'

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
  /**
   * Network address. Left out, or `unknown`, when it is not known: those who have none in common must not count for one
   * another.
   */
  address?: string | undefined
}

interface Limit {
  limiter: RateLimiterPostgres
  /** Undefined for who is not bound by it. */
  keyOf: (who: RateLimited) => string | undefined
}

export class RateLimits {
  readonly #limits: Limit[]

  /** @param pool connections of the app's role; the counters are in its table `rate_limits` */
  constructor(pool: pg.Pool, options: RateLimitOptions = DEFAULT_RATE_LIMITS) {
    const storeClient = new OneConnectionPool(pool)
    const limiter = (keyPrefix: string, points: number) =>
      new RateLimiterPostgres({
        storeClient,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        keyPrefix,
        points,
        duration: 60,
      })
    this.#limits = [
      { limiter: limiter('device', options.perDevice), keyOf: (who) => `${who.tenantId}:${who.actor}` },
      { limiter: limiter('address', options.perAddress), keyOf: addressKey },
      { limiter: limiter('tenant', options.perTenant), keyOf: (who) => who.tenantId },
    ]
  }

  /**
   * Counts the operations at every limit, on one round trip, or throws `too_many_requests` with the time to wait.
   *
   * What is refused by one limit is given back to all of them: nobody is held up by what was not taken.
   */
  async consume(who: RateLimited, operations: number): Promise<void> {
    const bound = this.#limits.flatMap(({ limiter, keyOf }) => {
      const key = keyOf(who)
      return key === undefined ? [] : [{ limiter, key }]
    })
    const counted = await Promise.allSettled(bound.map(({ limiter, key }) => limiter.consume(key, operations)))
    const failures = counted.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown)
    if (failures.length === 0) return
    const refusals = failures.filter((failure) => failure instanceof RateLimiterRes)
    await Promise.allSettled(bound.map(({ limiter, key }) => limiter.reward(key, operations)))
    if (refusals.length < failures.length) throw failures.find((failure) => !(failure instanceof RateLimiterRes))
    throw new ProblemError('too_many_requests', 'Nothing is lost: send the same again later.', {
      retryAfterMs: Math.max(...refusals.map((refusal) => refusal.msBeforeNext)),
    })
  }
}

function addressKey({ tenantId, address }: RateLimited): string | undefined {
  return address && address !== 'unknown' ? `${tenantId}:${address.slice(0, 64)}` : undefined
}
