export interface SilenceWatchOptions {
  /** How long nothing may be heard; after a third of that Postgres is asked. */
  longestMs: number
  ask(): void
  onSilent(error: Error): void
}

/**
 * Notices a connection that is dead without having been closed, as when a router forgot it. Postgres has nothing to say
 * on an idle database, so it is asked from time to time.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions
  readonly #timer: NodeJS.Timeout
  #heardAtMs = performance.now()
  #isBusy = false

  constructor(options: SilenceWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), options.longestMs / 6)
  }

  /** Nothing is heard while nobody listens. */
  pause(): void {
    this.#isBusy = true
  }

  resume(): void {
    this.#isBusy = false
    this.#heardAtMs = performance.now()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    if (this.#isBusy) return
    const { longestMs, ask, onSilent } = this.#options
    const silentMs = performance.now() - this.#heardAtMs
    if (silentMs > longestMs) onSilent(new Error(`nothing was heard from Postgres for ${Math.round(silentMs)} ms`))
    else if (silentMs > longestMs / 3) ask()
  }
}
