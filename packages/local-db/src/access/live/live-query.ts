import type { LiveQuery as PGliteLiveQuery } from '@electric-sql/pglite/live'
import { LocalQueryError } from '../query-errors.ts'
import type { LiveStatement, LiveWindow } from './live-channel.ts'
import type { LiveChannels } from './live-channels.ts'

export interface LiveState<Row> {
  /** Undefined until the first result. */
  rows: readonly Row[] | undefined
  /** How many rows there are in all; of a windowed query only. */
  totalCount: number | undefined
  /** Why the last run failed; the rows are those of the run before. */
  error: Error | undefined
  isLoading: boolean
}

export interface LiveDefinition<Row> extends LiveStatement {
  mapRows(rows: unknown[]): Row[]
}

const LOADING: LiveState<never> = { rows: undefined, totalCount: undefined, error: undefined, isLoading: true }

/**
 * Rows of a query, kept current. It runs while somebody listens, and outlives its worker: when another one has the
 * database it subscribes there by itself, and keeps showing the rows it had.
 *
 *   idle ──first listener──► subscribing ──► live ──another worker──► subscribing …
 *    ▲                            └─────────┬─┘
 *    └───────────last listener left─────────┘
 */
export class LiveQuery<Row> {
  readonly #channels: LiveChannels
  readonly #definition: LiveDefinition<Row>
  readonly #listeners = new Set<() => void>()
  #window: LiveWindow | undefined
  #state: LiveState<Row> = LOADING
  /** Grows with every start and stop: what an older run still brings is not listened to. */
  #run = 0
  #isRunning = false
  #subscription: Promise<PGliteLiveQuery<unknown> | undefined> = Promise.resolve(undefined)
  #stopListening = () => {}

  constructor(channels: LiveChannels, definition: LiveDefinition<Row>, window?: LiveWindow) {
    this.#channels = channels
    this.#definition = definition
    this.#window = window
  }

  // Bound, so that React can take it as it is.
  readonly getState = (): LiveState<Row> => this.#state

  /** Calls back after every change of the state. Returns the end of listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener()
    this.#listeners.add(own)
    if (!this.#isRunning) this.#start()
    return () => {
      this.#listeners.delete(own)
      // A listener that comes back at once, as in React's Strict Mode, costs nothing.
      queueMicrotask(() => {
        if (this.#listeners.size === 0 && this.#isRunning) this.#stop()
      })
    }
  }

  /** Moves the window of a query that was begun with one. */
  setWindow(window: LiveWindow): void {
    if (!this.#window || (window.limit === this.#window.limit && window.offset === this.#window.offset)) return
    this.#window = window
    const run = this.#run
    this.#subscription.then((subscription) => {
      if (run === this.#run) void subscription?.refresh(window)
    })
  }

  #start(): void {
    this.#isRunning = true
    this.#stopListening = this.#channels.onReconnect(() => this.#subscribe())
    this.#subscribe()
  }

  #stop(): void {
    this.#isRunning = false
    this.#run++
    this.#stopListening()
    this.#subscription.then((subscription) => unsubscribe(subscription))
    this.#state = LOADING
  }

  #subscribe(): void {
    const run = ++this.#run
    const isCurrent = () => run === this.#run
    const window = this.#window
    this.#subscription = this.#channels
      .present()
      .then((channel) =>
        channel.subscribe(this.#definition, window, {
          onRows: (rows, totalCount) => {
            if (isCurrent()) this.#show(rows, totalCount)
          },
          onError: (error) => {
            if (isCurrent()) this.#fail(error)
          },
        }),
      )
      .then(
        (subscription) => {
          if (!isCurrent()) {
            unsubscribe(subscription)
            return undefined
          }
          if (window !== this.#window) void subscription.refresh(this.#window)
          return subscription
        },
        (error: unknown) => {
          // The next worker, if that is what it takes, starts another run.
          if (isCurrent()) this.#fail(error)
          return undefined
        },
      )
  }

  #show(rows: unknown[], totalCount: number | undefined): void {
    try {
      this.#set({ rows: this.#definition.mapRows(rows), totalCount, error: undefined, isLoading: false })
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#set({ ...this.#state, error: new LocalQueryError(error, this.#definition.sql), isLoading: false })
  }

  #set(state: LiveState<Row>): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Frees what it holds in the session. Where the worker is gone there is nothing to free. */
function unsubscribe(subscription: PGliteLiveQuery<unknown> | undefined): void {
  subscription?.unsubscribe().catch(() => {})
}
