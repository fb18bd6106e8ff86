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
   * What is refused by one limit is given back to all that counted it: nobody is held up by what was not taken.
   */
  async consume(who: RateLimited, operations: number): Promise<void> {
    const bound = this.#limits.flatMap(({ scope, limiter, keyOf }) => {
      const key = keyOf(who)
      return key === undefined ? [] : [{ scope, limiter, key }]
    })
    const counts = await Promise.all(bound.map(async (limit) => ({ limit, end: await countAt(limit, operations) })))
    if (counts.every(({ end }) => end.kind === 'taken')) return
    const counted = counts.filter(({ end }) => end.kind !== 'failed')
    await Promise.allSettled(counted.map(({ limit: { limiter, key } }) => limiter.reward(key, operations)))
    const refusals: LimitRefusal[] = []
    for (const { limit, end } of counts) {
      if (end.kind === 'failed') throw end.error
      if (end.kind === 'refused') refusals.push(new LimitRefusal(limit.scope, end.waitMs))
    }
    throw refusals.reduce((a, b) => ((a.retryAfterMs ?? 0) >= (b.retryAfterMs ?? 0) ? a : b))
  }
}

type Count = { kind: 'taken' } | { kind: 'refused'; waitMs: number } | { kind: 'failed'; error: unknown }

async function countAt(
  { limiter, key }: { limiter: RateLimiterPostgres; key: string },
  points: number,
): Promise<Count> {
  try {
    await limiter.consume(key, points)
    return { kind: 'taken' }
  } catch (error) {
    return error instanceof RateLimiterRes ? { kind: 'refused', waitMs: error.msBeforeNext } : { kind: 'failed', error }
  }
}

function addressKey({ tenantId, address }: RateLimited): string | undefined {
  return address && address !== 'unknown' ? `${tenantId}:${address.slice(0, 64)}` : undefined
}
