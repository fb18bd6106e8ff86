import type { PGlite } from '@electric-sql/pglite'

type ExclusiveRun = <T>(run: () => Promise<T>) => Promise<T>

/** Lets go of the lock of whoever has it now; undefined while nobody has. */
interface Holder {
  letGo: () => void
}

const ACQUIRES = { _acquireTransactionLock: 'transaction', _acquireQueryLock: 'query' } as const
type LockKind = (typeof ACQUIRES)[keyof typeof ACQUIRES]

/**
 * Gives back the locks that are granted to dead tabs. PGlite frees what a tab holds when it dies, and forgets what it waits
 * for: the lock is then granted to nobody, and every tab waits for ever.
 *
 * A grant is told to its tab over the tab's channel, which PGlite closes when the tab is dead. So whoever is told over a
 * closed channel, in the moment of the grant, is dead and holds the lock.
 */
export class AbandonedLocks {
  readonly #holders = new Map<LockKind, Holder>()

  /** Wraps the locks of the database that the tabs share. */
  watch(pg: PGlite): void {
    pg._runExclusiveTransaction = this.#watched('transaction', pg._runExclusiveTransaction.bind(pg))
    pg._runExclusiveQuery = this.#watched('query', pg._runExclusiveQuery.bind(pg))
  }

  /** Makes the channels that PGlite opens to tabs from now on tell of grants that come too late. */
  watchChannels(scope: { BroadcastChannel: typeof BroadcastChannel }): void {
    const grantedTooLate = (kind: LockKind) => this.#holders.get(kind)?.letGo()
    const Channel = scope.BroadcastChannel
    scope.BroadcastChannel = class extends Channel {
      readonly #waitsFor = new Map<string, LockKind>()
      #isClosed = false

      constructor(name: string) {
        super(name)
        if (!name.startsWith('pglite-tab:')) return
        this.addEventListener(
          'message',
          ({ data }: MessageEvent<{ type?: string; method?: string; callId?: string }>) => {
            const kind = data.type === 'rpc-call' && ACQUIRES[data.method as keyof typeof ACQUIRES]
            if (kind && data.callId) this.#waitsFor.set(data.callId, kind)
          },
        )
      }

      override postMessage(message: { callId?: string }): void {
        const kind = message.callId && this.#waitsFor.get(message.callId)
        if (message.callId) this.#waitsFor.delete(message.callId)
        if (!this.#isClosed) super.postMessage(message)
        else if (kind) grantedTooLate(kind)
      }

      override close(): void {
        this.#isClosed = true
        super.close()
      }
    }
  }

  #watched(kind: LockKind, runExclusive: ExclusiveRun): ExclusiveRun {
    return (run) =>
      runExclusive(async () => {
        const ended = Promise.withResolvers<never>()
        // Nobody waits for the result of a run whose tab is dead.
        const holder: Holder = { letGo: () => ended.resolve(undefined as never) }
        this.#holders.set(kind, holder)
        try {
          return await Promise.race([run(), ended.promise])
        } finally {
          if (this.#holders.get(kind) === holder) this.#holders.delete(kind)
        }
      })
  }
}
