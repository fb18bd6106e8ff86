import type { FollowedShape } from '@landfall/contract'

/**
 * Shapes that may wait for news where connections are few, first those whose changes a person works on. The others are
 * asked from time to time, and whenever there was news of anything.
 */
const BY_URGENCY: readonly FollowedShape[] = ['receipts', 'leads', 'notes', 'lead_events']
/** A browser has six connections to an origin over HTTP/1.1. Whatever else a page asks for must find one free. */
const PLACES_OF_ORIGIN = 3
const POLL_EVERY_MS = 15_000
const PLACE_LOCK = 'landfall-wait-for-news'

/** How a shape may ask for news: with a request that waits for them, until it gives its place back, or with one that doesn't. */
export type WaitPlace = { kind: 'wait'; leave: () => void } | { kind: 'ask' }

export interface WaitPlacesOptions {
  /** Whether many requests share one connection to this address; undefined as long as nobody knows. */
  isMultiplexed: (url: string) => boolean | undefined
  locks?: LockManager
  pollEveryMs?: number
}

/**
 * Who may wait for news. A request that waits holds a connection for twenty seconds at a time: over HTTP/1.1 six shapes,
 * or three workspaces in three tabs, would take all of them, and a write would wait behind. Over HTTP/2 and later all
 * wait.
 *
 * The places are Web Locks, so that they count for all workers of an origin, and come back when one of them dies.
 */
export class WaitPlaces {
  readonly #options: WaitPlacesOptions
  readonly #asleep = new Set<() => void>()

  constructor(options: WaitPlacesOptions) {
    this.#options = options
  }

  /** Resolves when the shape may ask. Rejects when the signal is aborted. */
  async take(shape: FollowedShape, url: string, signal: AbortSignal): Promise<WaitPlace> {
    if (this.#options.isMultiplexed(url)) return { kind: 'wait', leave: () => {} }
    const leave = BY_URGENCY.includes(shape) ? await this.#takePlace() : undefined
    if (leave) return { kind: 'wait', leave }
    await this.#sleep(signal)
    return { kind: 'ask' }
  }

  /** Something changed, or a person came back: whoever is not waiting for news asks now. */
  wake(): void {
    for (const wake of this.#asleep) wake()
  }

  async #takePlace(): Promise<(() => void) | undefined> {
    const locks = this.#options.locks ?? navigator.locks
    for (let place = 0; place < PLACES_OF_ORIGIN; place += 1) {
      const leave = await takeLock(locks, `${PLACE_LOCK}:${place}`)
      if (leave) return leave
    }
    return undefined
  }

  #sleep(signal: AbortSignal): Promise<void> {
    const everyMs = this.#options.pollEveryMs ?? POLL_EVERY_MS
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        this.#asleep.delete(wake)
        signal.removeEventListener('abort', abort)
        settle()
      }
      const wake = () => end(resolve)
      const abort = () => end(() => reject(signal.reason))
      // Spread, so that the devices of a tenant don't ask in step.
      const timer = setTimeout(wake, everyMs * (0.75 + Math.random() / 2))
      this.#asleep.add(wake)
      signal.addEventListener('abort', abort)
    })
  }
}

/** Holds a lock if nobody has it; what comes back gives it up. */
function takeLock(locks: LockManager, name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined)
        return new Promise<void>((leave) => resolve(leave))
      })
      .catch(reject)
  })
}
