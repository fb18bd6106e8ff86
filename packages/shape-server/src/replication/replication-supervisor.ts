import { setTimeout as delay } from 'node:timers/promises'
import type { Lsn } from './lsn.ts'
import type { ReplicationStream } from './replication-stream.ts'
import { SlotInUseError, StreamOpener, type StreamOpenerOptions } from './stream-opener.ts'

/**
 *   starting ──▶ catching-up ──▶ streaming ◀──▶ reconnecting ◀──▶ waiting
 *      └──▶ waiting ──▲                              └─ also from any of the others
 *
 * `waiting`: another server streams from our slot. `catching-up`: clients may know more than what has arrived since the
 * start, so they are not answered yet. From every state `stop` leads to `stopped`.
 */
export type ReplicationStatus = 'starting' | 'waiting' | 'catching-up' | 'streaming' | 'reconnecting' | 'stopped'

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000
const SLOT_POLL_MS = 500

/** Keeps a replication stream open, over restarts of Postgres and of this server, without a gap. */
export class ReplicationSupervisor {
  readonly #options: StreamOpenerOptions
  readonly #stopping = new AbortController()
  readonly #opener: StreamOpener
  #status: ReplicationStatus = 'starting'
  #hasCaughtUp = false
  #stream: ReplicationStream | undefined
  #running: Promise<void> | undefined
  #onSettled = () => {}

  constructor(options: StreamOpenerOptions) {
    this.#options = options
    this.#opener = new StreamOpener(options, this.#stopping.signal)
  }

  get status(): ReplicationStatus {
    return this.#status
  }

  /** Whether what is in the logs may be shown: never less than was shown before. */
  get isServing(): boolean {
    return this.#hasCaughtUp && this.#status !== 'stopped'
  }

  /**
   * Resolves when what is in the logs may be shown, or when another server has to let go of the slot first; then it goes
   * on by itself. Throws a DatabaseSetupError for what takes a person, and whatever else is wrong at the first attempt.
   */
  async start(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#onSettled = resolve
    })
    const opened = this.#openWhenFree()
    this.#running = opened.catch(() => {})
    await Promise.race([opened.then(() => settled), settled])
    if (this.#status === 'stopped') throw new Error('stopped before it had started')
    if (this.#status === 'waiting') this.#running = opened.catch((error) => this.#retry(error))
  }

  async stop(): Promise<void> {
    this.#status = 'stopped'
    this.#onSettled()
    const stream = this.#stream
    // What is being opened is given up; an open stream ends in good order.
    if (!stream) this.#stopping.abort()
    await stream?.close()
    this.#stopping.abort()
    await this.#running
    if (stream) await this.#opener.waitForRelease()
  }

  async #openWhenFree(): Promise<void> {
    for (;;) {
      try {
        return await this.#open()
      } catch (error) {
        if (!(error instanceof SlotInUseError) || this.#isStopped()) throw error
        if (this.#status !== 'waiting') this.#options.log({ level: 'info', message: 'waiting', reason: error.message })
        this.#status = 'waiting'
        this.#onSettled()
        await this.#pause(SLOT_POLL_MS)
      }
    }
  }

  async #open(): Promise<void> {
    let isOpen = false
    let lost: Error | undefined
    const { stream, isNew } = await this.#opener.open({
      onReached: (upTo, walEnd) => this.#reach(upTo, walEnd),
      onLost: (error) => {
        lost = error
        this.#options.sink.interrupt()
        if (isOpen) this.#handleLoss(error)
      },
    })
    if (lost) throw lost
    if (this.#isStopped()) return stream.close()
    isOpen = true
    this.#stream = stream
    // What clients knew of the one before is void.
    if (isNew) this.#hasCaughtUp = true
    this.#status = this.#hasCaughtUp ? 'streaming' : 'catching-up'
    if (this.#hasCaughtUp) this.#onSettled()
  }

  #reach(upTo: Lsn, walEnd: Lsn): void {
    if (this.#hasCaughtUp || upTo < walEnd) return
    this.#hasCaughtUp = true
    if (this.#status !== 'catching-up') return
    this.#status = 'streaming'
    this.#onSettled()
  }

  #handleLoss(error: Error): void {
    if (this.#status === 'stopped') return
    this.#stream = undefined
    this.#running = this.#retry(error)
  }

  async #retry(cause: unknown): Promise<void> {
    const { log } = this.#options
    this.#status = 'reconnecting'
    this.#opener.noteLoss(cause)
    log({ level: 'warn', message: 'replication lost', error: String(cause) })
    for (let retryMs = FIRST_RETRY_MS; !this.#isStopped(); retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)) {
      // Not all servers of a database that comes back shall knock at the same moment.
      await this.#pause(retryMs * (0.5 + Math.random() / 2))
      if (this.#isStopped()) return
      try {
        return await this.#openWhenFree()
      } catch (error) {
        if (this.#isStopped()) return
        this.#status = 'reconnecting'
        log({ level: 'warn', message: 'replication not resumed', error: String(error) })
      }
    }
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Cut short by `stop`. */
  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => {})
  }
}
