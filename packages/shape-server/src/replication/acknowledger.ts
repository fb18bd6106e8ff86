import type { Lsn } from './lsn.ts'
import type { StandbyStatus } from './wal-stream.ts'

export interface AcknowledgerOptions {
  from: Lsn
  intervalMs: number
  /** Makes everything that was handed over durable. */
  flush(upTo: Lsn): Promise<void>
  send(status: StandbyStatus, wantsReply?: boolean): void
  onFailed(error: unknown): void
}

/** After so many changes a flush does not wait for its time. */
const CHANGES_A_FLUSH = 10_000
/** Much less than the minute that Postgres waits by default. */
const LONGEST_QUIET_MS = 1_000

/**
 * Tells Postgres how far the changes have been taken over, and how far they are durable: only what is durable is
 * forgotten there. Speaks every second, whether or not there is news, because Postgres drops whoever is silent for
 * `wal_sender_timeout`; so it must go on while the stream waits.
 */
export class Acknowledger {
  readonly #options: AcknowledgerOptions
  readonly #timers: NodeJS.Timeout[]
  #received: Lsn
  #durable: Lsn
  #changes = 0
  #flushing: Promise<void> | undefined

  constructor(options: AcknowledgerOptions) {
    this.#options = options
    this.#received = options.from
    this.#durable = options.from
    this.#timers = [
      setInterval(() => this.#send(), Math.min(options.intervalMs, LONGEST_QUIET_MS)),
      setInterval(() => this.#flush(), options.intervalMs),
    ]
  }

  handedOver(upTo: Lsn): void {
    if (upTo > this.#received) this.#received = upTo
  }

  count(changes: number): void {
    this.#changes += changes
    if (this.#changes >= CHANGES_A_FLUSH) this.#flush()
  }

  /** Postgres has asked: to see whether anybody is there, or because it ends and waits until all is acknowledged. */
  reply(): void {
    this.#send()
    this.#flush()
  }

  /** Asks Postgres for a sign of life. */
  ask(): void {
    this.#options.send({ received: this.#received, durable: this.#durable }, true)
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** Makes the rest durable and says so. */
  async finish(): Promise<void> {
    this.stop()
    await this.#flushing
    await this.#flush()
  }

  #send(): void {
    this.#options.send({ received: this.#received, durable: this.#durable })
  }

  #flush(): Promise<void> {
    this.#flushing ??= this.#flushOnce().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  async #flushOnce(): Promise<void> {
    // Also when nothing has arrived: there may be new shapes that are not durable yet.
    const upTo = this.#received
    this.#changes = 0
    try {
      await this.#options.flush(upTo)
    } catch (error) {
      // Nothing is acknowledged; the next interval tries again.
      this.#options.onFailed(error)
      return
    }
    if (upTo <= this.#durable) return
    this.#durable = upTo
    this.#send()
  }
}
