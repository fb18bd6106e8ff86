import { askOnce } from './ask-once.ts'
import { type Pause, pause } from './pause.ts'
import { retryDelayMs } from './retry-delay.ts'
import {
  INITIAL_SUBSCRIPTION,
  nextState,
  type SubscriptionEvent,
  type SubscriptionState,
} from './subscription-state.ts'

/** A server answers a wait after 20 s. Silence for longer than this is a connection that is dead and does not say so. */
const SILENT_FOR_MS = 45_000
/** By the wall clock, which goes on while a device sleeps: whoever wakes up finds out within this. */
const LOOK_EVERY_MS = 5_000
/** When a person comes back to the page, a wait that should have been answered by now is not trusted. */
const SUSPECT_AFTER_MS = 25_000
/** A server that has no news and says so at once, again and again, is asked at a pace. */
const HASTY_WITHIN_MS = 1_000
const HASTY_ANSWERS_TAKEN = 3

export interface ShapeConnectionOptions {
  onState: (state: SubscriptionState) => void
  /** Called with each piece of an answer, decompressed. */
  onBytes?: (bytes: number) => void
  fetch?: typeof fetch
  random?: () => number
}

interface Flight {
  heardAtMs: number
  interrupt: AbortController
}

/**
 * One device's connection to a shape: the state of the subscription, and a `fetch` for a client of the protocol that
 * comes back only with answers of the protocol. What passes by itself is waited out here: backoff from 1 to 60 s with
 * full jitter, never sooner than `Retry-After`, at once when the network or the person comes back.
 */
export class ShapeConnection {
  readonly #options: ShapeConnectionOptions
  readonly #flights = new Set<Flight>()
  readonly #pauses = new Set<Pause>()
  #state = INITIAL_SUBSCRIPTION
  #hastyAnswers = 0
  #isOnline = true

  constructor(options: ShapeConnectionOptions) {
    this.#options = options
  }

  get state(): SubscriptionState {
    return this.#state
  }

  dispatch(event: SubscriptionEvent): void {
    const started = nextState(this.#state, event)
    // Whatever begins without a network begins offline.
    const next = event.type === 'started' && !this.#isOnline ? nextState(started, { type: 'went-offline' }) : started
    if (next === this.#state) return
    this.#state = next
    this.#options.onState(next)
  }

  /** What a page knows of the network. It is also told when a person comes back to a page: then nothing waits. */
  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline
    if (!isOnline) {
      this.dispatch({ type: 'went-offline' })
      return
    }
    const wasOffline = this.#state.status === 'offline'
    this.dispatch({ type: 'came-online' })
    this.wake()
    for (const flight of this.#flights) {
      const isSuspect = wasOffline || Date.now() - flight.heardAtMs > SUSPECT_AFTER_MS
      if (isSuspect) flight.interrupt.abort(new Error('the connection is from before'))
    }
  }

  /** Ends all waiting for a next try, as far as the server allows. */
  wake(): void {
    for (const waiting of this.#pauses) waiting.wake()
  }

  /** How long to wait before the next try, in milliseconds. */
  retryDelayMs(): number {
    return retryDelayMs(this.#state.failures, this.#options)
  }

  /** Waits before a next try; rejects when the signal is aborted. */
  async pause(delayMs: number, leastMs: number, signal: AbortSignal): Promise<void> {
    const waiting = pause(delayMs, leastMs, signal)
    this.#pauses.add(waiting)
    try {
      await waiting.done
    } finally {
      this.#pauses.delete(waiting)
    }
  }

  /**
   * Resolves with an answer of the protocol: 200, 304 or 409, or a refusal (400, 401, 403, 404, …) in JSON. Rejects only
   * when `init.signal` is aborted.
   */
  async fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const signal = init.signal ?? new AbortController().signal
    const url = new URL(String(input instanceof Request ? input.url : input))
    const cursor = url.searchParams.get('live') === 'true' ? (url.searchParams.get('cursor') ?? '0') : undefined
    await this.#slowDown(signal)
    for (;;) {
      const askedAtMs = Date.now()
      const outcome = await this.#ask(url, init, signal)
      if (outcome.kind === 'answer') {
        this.#noteHaste(url, outcome.response, askedAtMs)
        return cursor === undefined ? outcome.response : withCursor(outcome.response, cursor)
      }
      this.dispatch({ type: 'disturbed', problem: outcome.problem })
      const { retryAfterMs } = outcome
      const delayMs = retryDelayMs(this.#state.failures, { ...this.#options, retryAfterMs })
      await this.pause(delayMs, retryAfterMs, signal)
      // Whoever comes back wants to know how it stands, and not to wait for the next news.
      url.searchParams.delete('live')
    }
  }

  async #ask(url: URL, init: RequestInit, signal: AbortSignal) {
    signal.throwIfAborted()
    const flight: Flight = { heardAtMs: Date.now(), interrupt: new AbortController() }
    const watch = setInterval(() => {
      if (Date.now() - flight.heardAtMs > SILENT_FOR_MS) flight.interrupt.abort(new Error('the connection fell silent'))
    }, LOOK_EVERY_MS)
    this.#flights.add(flight)
    try {
      return await askOnce(url, init, {
        // Called as a method of anything else, a browser's own refuses.
        fetch: this.#options.fetch ?? ((...request) => fetch(...request)),
        signal,
        interrupt: flight.interrupt.signal,
        onSignOfLife: (bytes) => {
          flight.heardAtMs = Date.now()
          this.#options.onBytes?.(bytes)
        },
      })
    } finally {
      clearInterval(watch)
      this.#flights.delete(flight)
    }
  }

  #noteHaste(url: URL, response: Response, askedAtMs: number): void {
    const hasNews = response.headers.get('electric-offset') !== url.searchParams.get('offset')
    const isHasty = url.searchParams.get('live') === 'true' && !hasNews && Date.now() - askedAtMs < HASTY_WITHIN_MS
    this.#hastyAnswers = isHasty ? this.#hastyAnswers + 1 : 0
  }

  async #slowDown(signal: AbortSignal): Promise<void> {
    const excess = this.#hastyAnswers - HASTY_ANSWERS_TAKEN
    if (excess > 0) await this.pause(retryDelayMs(excess, this.#options), 0, signal)
  }
}

/** A client that asked for news expects a cursor, also where the answer is to a question without a wait. */
function withCursor(response: Response, cursor: string): Response {
  if (response.status === 200 && !response.headers.has('electric-cursor'))
    response.headers.set('electric-cursor', cursor)
  return response
}
