import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { LimitRefusal, type LimitScope } from './limit-refusal.ts'
import { OneConnectionPool } from './one-connection-pool.ts'

/** Operations a minute. A limit never loses a lead: the device is told when to come again, and waits. */
export interface RateLimitOptions {
  perDevice: number
  perAddress: number
  perTenant: number
}

/** A device that was away for a day comes back with a thousand leads, and sends them in one go. */
export const DEFAULT_RATE_LIMITS: RateLimitOptions = { perDevice: 1_500, perAddress: 6_000, perTenant: 30_000 }

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
  scope: LimitScope
  limiter: RateLimiterPostgres
  /** Undefined for who is not bound by it. */
  keyOf: (who: RateLimited) => string | undefined
}

export class RateLimits {
  readonly #limits: Limit[]

  /** @param pool connections of the app's role; the counters are in its table `rate_limits` */
  constructor(pool: pg.Pool, options: RateLimitOptions = DEFAULT_RATE_LIMITS) {
    const storeClient = new OneConnectionPool(pool)
    const limit = (scope: LimitScope, points: number, keyOf: Limit['keyOf']): Limit => {
      const limiter = new RateLimiterPostgres({
        storeClient,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        keyPrefix: scope,
        points,
        duration: 60,
      })
      return { scope, limiter, keyOf }
    }
    this.#limits = [
      limit('device', options.perDevice, (who) => `${who.tenantId}:${who.actor}`),
      limit('address', options.perAddress, addressKey),
      limit('tenant', options.perTenant, (who) => who.tenantId),
    ]
  }

  /**
   * Counts the operations at every limit, on one round trip, or throws a LimitRefusal with the time to wait.
   *
   * What is refused by one limit is given back to all of them: nobody is held up by what was not taken.
   */
  async consume(who: RateLimited, operations: number): Promise<void> {
    const bound = this.#limits.flatMap(({ scope, limiter, keyOf }) => {
      const key = keyOf(who)
      return key === undefined ? [] : [{ scope, limiter, key }]
    })
    const failed = await failuresOf(
      bound.map(({ scope, limiter, key }) => ({ scope, counting: limiter.consume(key, operations) })),
    )
    if (failed.length === 0) return
    await Promise.allSettled(bound.map(({ limiter, key }) => limiter.reward(key, operations)))
    const refusals: LimitRefusal[] = []
    for (const { scope, failure } of failed) {
      if (!(failure instanceof RateLimiterRes)) throw failure
      refusals.push(new LimitRefusal(scope, failure.msBeforeNext))
    }
    throw refusals.reduce((a, b) => ((a.retryAfterMs ?? 0) >= (b.retryAfterMs ?? 0) ? a : b))
  }
}

async function failuresOf(counts: { scope: LimitScope; counting: Promise<unknown> }[]) {
  const settled = await Promise.allSettled(counts.map(({ counting }) => counting))
  return counts.flatMap(({ scope }, index) => {
    const result = settled[index]
    return result?.status === 'rejected' ? [{ scope, failure: result.reason as unknown }] : []
  })
}

function addressKey({ tenantId, address }: RateLimited): string | undefined {
  return address && address !== 'unknown' ? `${tenantId}:${address.slice(0, 64)}` : undefined
}
