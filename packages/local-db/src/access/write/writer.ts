import { uuidv7 } from 'uuidv7'
import type { AccessHost, AccessReconciler } from '../access-host.ts'
import type { ConnectionKeeper } from '../connection-keeper.ts'
import type { WriteTransaction } from '../session/local-drizzle.ts'
import { commitWrite, UnflushedWriteError } from './commit-write.ts'
import { confirmWrite, watchWrite } from './confirm-write.ts'
import { NoQueueError, NotSavedError, OfflineError } from './write-errors.ts'
import type { Confirmation, WriteMode, WriteOptions, WriteResult } from './write-options.ts'

/** How long a transaction may keep all other tabs waiting. */
const TRANSACTION_LIMIT_MS = 30_000
const CONFIRM_WITHIN_MS = 20_000

/**
 * Writes through the views:
 *
 *   work in one transaction ─► commit ─► into the outbox ─► optimistic: resolves
 *                                                      └──► confirmed: waits for the server, resolves or takes it back
 */
export class Writer {
  readonly #host: AccessHost
  readonly #keeper: ConnectionKeeper
  readonly #limitMs: number

  constructor(host: AccessHost, keeper: ConnectionKeeper, limitMs = TRANSACTION_LIMIT_MS) {
    this.#host = host
    this.#keeper = keeper
    this.#limitMs = limitMs
  }

  async write<T>(work: (tx: WriteTransaction) => Promise<T>, options: WriteOptions = {}): Promise<WriteResult<T>> {
    const { queue, reconciler } = this.#host
    if (!queue || !reconciler) throw new NoQueueError()
    const { mode: given, label, seenVersion, signal, timeoutMs = CONFIRM_WITHIN_MS, whenOffline = 'reject' } = options
    signal?.throwIfAborted()
    const assertAllowed = (mode: WriteMode) => {
      if (mode === 'confirmed' && whenOffline === 'reject' && !this.#isOnline()) throw new OfflineError()
    }
    if (given) assertAllowed(given)
    const { value, operations, mode } = await commitWrite(this.#keeper, queue, {
      work,
      transactionId: uuidv7(),
      mode: given,
      label,
      seenVersion,
      signal,
      limitMs: this.#limitMs,
      assertAllowed,
    }).catch((error: unknown) => takeBackUnflushed(reconciler, error))
    const opIds = operations.map(({ opId }) => opId)
    if (opIds.length === 0) return { value, operations, confirmed: Promise.resolve([]) }
    await handOver(reconciler, opIds)
    switch (mode) {
      case 'optimistic': {
        let confirmed: Promise<readonly Confirmation[]> | undefined
        return {
          value,
          operations,
          get confirmed() {
            confirmed ??= watchWrite(queue, opIds)
            return confirmed
          },
        }
      }
      case 'confirmed': {
        void queue.flush({ urgency: 'now' })
        const confirmations = await confirmWrite(queue, reconciler, { opIds, timeoutMs, signal })
        return { value, operations, confirmed: Promise.resolve(confirmations) }
      }
    }
  }

  #isOnline(): boolean {
    return this.#host.isOnline ? this.#host.isOnline() : navigator.onLine
  }
}

/** With no room on the device taking it back fails as well, and is done in memory all the same. */
async function takeBackUnflushed(reconciler: AccessReconciler, error: unknown): Promise<never> {
  if (!(error instanceof UnflushedWriteError)) throw error
  await reconciler.giveUp(error.operations.map(({ opId }) => opId)).catch(() => {})
  throw new NotSavedError(error.cause)
}

/** Puts the operations into the outbox, or takes them back when it doesn't want them. */
async function handOver(reconciler: AccessReconciler, opIds: readonly string[]): Promise<void> {
  const cause = await refusalOf(reconciler, opIds)
  // The outbox may have it all the same: another tab was quicker, or only the way back failed.
  if (cause && (await reconciler.giveUp(opIds))) throw new NotSavedError(cause)
}

async function refusalOf(reconciler: AccessReconciler, opIds: readonly string[]): Promise<Error | undefined> {
  try {
    const { refused } = await reconciler.reconcileNow()
    return refused.find(({ opId }) => opIds.includes(opId))?.error
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
