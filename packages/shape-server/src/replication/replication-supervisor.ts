import { setTimeout as delay } from 'node:timers/promises'
import { openReplicationStream, type ReplicationStream, type ReplicationStreamOptions } from './replication-stream.ts'

/**
 *   starting ──▶ streaming ◀──▶ reconnecting
 *       └───────────┴──────────────┴────▶ stopped
 */
export type ReplicationStatus = 'starting' | 'streaming' | 'reconnecting' | 'stopped'

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000

export interface ReplicationSupervisorOptions extends Omit<ReplicationStreamOptions, 'onLost'> {
  /** Called before each attempt; what the stream needs in the database may be gone after a restart. */
  prepare(): Promise<void>
  /** Changes may have been missed from here on. */
  onLost(error: Error): void
  onReconnected(): void
  /** Called when the stream was closed by `stop`. */
  onClosed(slotName: string): Promise<void>
}

/** Keeps a replication stream open over restarts of Postgres. */
export class ReplicationSupervisor {
  readonly #options: ReplicationSupervisorOptions
  readonly #stopping = new AbortController()
  #status: ReplicationStatus = 'starting'
  #stream: ReplicationStream | undefined
  #reconnecting: Promise<void> | undefined

  constructor(options: ReplicationSupervisorOptions) {
    this.#options = options
  }

  get status(): ReplicationStatus {
    return this.#status
  }

  /** Resolves when the stream is open; the first failure is the caller's. */
  async start(): Promise<void> {
    await this.#open()
  }

  async stop(): Promise<void> {
    this.#status = 'stopped'
    this.#stopping.abort()
    await this.#reconnecting
    await this.#stream?.close()
    if (this.#stream) await this.#options.onClosed(this.#stream.slotName)
  }

  async #open(): Promise<void> {
    await this.#options.prepare()
    this.#stream = await openReplicationStream({ ...this.#options, onLost: (error) => this.#handleLoss(error) })
    if (this.#status === 'stopped') await this.#stream.close()
    else this.#status = 'streaming'
  }

  #handleLoss(error: Error): void {
    if (this.#status === 'stopped') return
    this.#status = 'reconnecting'
    this.#options.onLost(error)
    this.#reconnecting = this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    for (
      let retryMs = FIRST_RETRY_MS;
      this.#status === 'reconnecting';
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)
    ) {
      // Aborted by stop, which the loop's condition then sees.
      await delay(retryMs, undefined, { signal: this.#stopping.signal }).catch(() => {})
      if (this.#stopping.signal.aborted) return
      try {
        await this.#open()
        this.#options.onReconnected()
        return
      } catch {
        // Postgres is not there yet.
      }
    }
  }
}
