/** Something that a request waits for; `signal` is aborted when it shall wait no longer. */
export interface Wait {
  readonly signal: AbortSignal
  /** Call it when what was waited for has come. */
  end(): void
}

/**
 * All waiting requests: each until its client is gone, its time is over, or the server stops. One controller and one
 * timer a request, because there are thousands of them and signals made of signals are heavy.
 */
export class Waits {
  readonly #open = new Set<() => void>()
  #isStopping = false

  /** Without a time the wait ends with its client. */
  start(client: AbortSignal, timeoutMs?: number): Wait {
    const controller = new AbortController()
    const end = () => {
      clearTimeout(timer)
      this.#open.delete(abort)
      client.removeEventListener('abort', abort)
    }
    const abort = () => {
      end()
      controller.abort()
    }
    const timer = timeoutMs === undefined ? undefined : setTimeout(abort, timeoutMs)
    this.#open.add(abort)
    client.addEventListener('abort', abort)
    if (client.aborted || this.#isStopping) abort()
    return { signal: controller.signal, end }
  }

  get count(): number {
    return this.#open.size
  }

  /** Ends all waits, those too that are still to come. */
  stop(): void {
    this.#isStopping = true
    for (const abort of [...this.#open]) abort()
  }
}
