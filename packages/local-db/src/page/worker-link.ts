import type { ConnectMessage } from '../protocol/messages.ts'
import { connectWorker, type WorkerConnection } from './connect-worker.ts'

export interface WorkerLinkOptions {
  workerUrl: string
  /** Name of the worker, by which all tabs share it. */
  name: string
  /** What a worker is told, as things stand when it is connected. */
  connect: () => ConnectMessage
  /** The worker is dead: whatever it was asked will not be answered. */
  onDeath: () => void
  onConnected: () => void
  onFailed: (error: unknown) => void
  /** Whether the worker gave up rather than died: another would do the same at once. */
  hasGivenUp: () => boolean
}

const TRY_AGAIN_AFTER_MS = 30_000

/**
 * Holds a page connected to a living worker. A worker may end at any time (the browser takes its memory, its process
 * crashes, it gives up a broken database) and nothing tells its pages; but its Web Lock becomes free.
 *
 *   connect() ─► connected ──lock is free──► dead ──at once, or at the next chance──► connected
 *                                              ▲              │ script can't be loaded
 *                                              └──────────────┘
 */
export class WorkerLink {
  readonly #options: WorkerLinkOptions
  readonly #closing = new AbortController()
  #connection: WorkerConnection | undefined

  constructor(options: WorkerLinkOptions) {
    this.#options = options
  }

  /** @throws LocalDbOpenError */
  async connect(): Promise<void> {
    const { workerUrl, name, connect, onConnected } = this.#options
    const connection = await connectWorker(workerUrl, name, connect())
    if (this.#closing.signal.aborted) return connection.close()
    this.#connection = connection
    onConnected()
    void this.#watch(connection)
  }

  close(): void {
    this.#closing.abort()
    this.#connection?.close()
  }

  async #watch(connection: WorkerConnection): Promise<void> {
    const { signal } = this.#closing
    try {
      // Shared, so that all its pages hear of it at the same time.
      await navigator.locks.request(connection.aliveLock, { mode: 'shared', signal }, () => {})
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    if (signal.aborted) return
    connection.close()
    this.#options.onDeath()
    if (this.#options.hasGivenUp()) await nextChance(signal)
    while (!signal.aborted) {
      try {
        return await this.connect()
      } catch (error) {
        if (signal.aborted) return
        this.#options.onFailed(error)
        await nextChance(signal)
      }
    }
  }
}

/** Resolves when the network comes back, after a while, or when nobody waits any more. */
function nextChance(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listening = new AbortController()
    const end = () => {
      clearTimeout(timer)
      listening.abort()
      resolve()
    }
    const timer = setTimeout(end, TRY_AGAIN_AFTER_MS)
    addEventListener('online', end, { signal: listening.signal })
    signal.addEventListener('abort', end, { signal: listening.signal })
  })
}
