import type { MergedKeysOf } from './fold-operations.ts'
import { forgetTransactions } from './forget-transactions.ts'
import { giveUpWritten } from './give-up-written.ts'
import { mergedKeysOf } from './merged-keys.ts'
import type { OperationQueue } from './operation-queue.ts'
import { type ReconcileLockTimes, withReconcileLock } from './reconcile-lock.ts'
import { type ReconcileResult, reconcileWithQueue } from './reconcile-with-queue.ts'
import type { ReconcileTarget } from './written-operation.ts'

export interface ReconcilerOptions extends ReconcileLockTimes {
  /** The present connection; waits while another worker takes over. */
  database: () => Promise<ReconcileTarget>
  queue: OperationQueue
  /** The queue's name, which is the database's owner. */
  owner: string
  /** Web Lock of all tabs of this owner. */
  lockName: string
  mergedKeysOf?: MergedKeysOf
  random?: () => number
  /** Told when what it last said of failures has changed. */
  onStatus?: (status: ReconcilerStatus) => void
}

/** `lastError`: why something written is not in the outbox yet, or the database behind it; null when all is well. */
export interface ReconcilerStatus {
  lastError: Error | null
}

const RETRY_BASE_MS = 1_000
const RETRY_CAP_MS = 60_000

/**
 * Keeps a database and its outbox together while its page lives: at the start, when the queue changes, and when somebody
 * has written. What a tab leaves behind that dies between the two is mended by any other, or at the next opening.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<ReconcileResult> | undefined
  #stopListening: (() => void) | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #hasForgotten = false
  #status: ReconcilerStatus = { lastError: null }

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** Idempotent. */
  start(): void {
    if (this.#stopListening) return
    this.#stopListening = this.#options.queue.subscribe(() => this.notice())
    this.notice()
  }

  stop(): void {
    this.#stopListening?.()
    this.#stopListening = undefined
    clearTimeout(this.#retry)
    this.#retry = undefined
  }

  getStatus(): ReconcilerStatus {
    return this.#status
  }

  /** Something may have been written, or the queue may have changed: looks soon, or when a wait after a failure ends. */
  notice(): void {
    if (this.#stopListening && this.#retry === undefined) this.reconcileNow().catch(() => {})
  }

  /**
   * One run both ways that begins after the call; calls that wait for the same run share it.
   *
   * @throws whatever keeps it from being done; it is tried again by itself
   */
  reconcileNow(): Promise<ReconcileResult> {
    if (this.#next) return this.#next
    const next = this.#running.then(() => {
      this.#next = undefined
      return this.#run()
    })
    this.#next = next
    this.#running = next.catch(() => {})
    return next
  }

  /**
   * Takes back written operations that the outbox never had, because whoever wrote them is told that they failed.
   *
   * @returns false, and nothing changed, when the outbox has one of them by now
   */
  giveUp(opIds: readonly string[]): Promise<boolean> {
    const { lockName, database, queue } = this.#options
    return withReconcileLock(lockName, async () => giveUpWritten(await database(), queue, opIds), this.#options)
  }

  async #run(): Promise<ReconcileResult> {
    const { lockName } = this.#options
    try {
      const result = await withReconcileLock(lockName, () => this.#twiceAtMost(), this.#options)
      this.#note(result.refused[0]?.error ?? null)
      return result
    } catch (error) {
      this.#note(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  /** A worker that goes takes the statement along; doing all of it again on the next is harmless. */
  async #twiceAtMost(): Promise<ReconcileResult> {
    const { database, queue, owner, mergedKeysOf: merged = mergedKeysOf } = this.#options
    const once = async () => {
      const target = await database()
      const result = await reconcileWithQueue(target, queue, owner, merged)
      if (!this.#hasForgotten) await forgetTransactions(target)
      this.#hasForgotten = true
      return result
    }
    return once().catch(once)
  }

  #note(lastError: Error | null): void {
    clearTimeout(this.#retry)
    this.#retry = undefined
    this.#failures = lastError ? this.#failures + 1 : 0
    if (lastError && this.#stopListening) this.#retryLater()
    if (lastError?.message === this.#status.lastError?.message) return
    this.#status = { lastError }
    this.#options.onStatus?.(this.#status)
  }

  /** Full jitter, so that the tabs of a device do not all come at once. */
  #retryLater(): void {
    const ceilingMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(this.#failures, 10))
    const delayMs = Math.round((this.#options.random ?? Math.random)() * ceilingMs)
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.notice()
    }, delayMs)
  }
}
