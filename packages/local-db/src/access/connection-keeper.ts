import type { AccessHost } from './access-host.ts'
import type { Connection } from './connection.ts'
import { ConnectionLostError } from './query-errors.ts'

/** How often a read is begun before its caller hears that it was lost. */
const READ_ATTEMPTS = 4

/**
 * What a statement rejects with when its worker is gone: PGliteWorker's own word for it, and that of its closed channel. Their
 * classes don't reach us intact.
 */
const LOST = /^Leader changed|Channel is closed|closed channel/

/** Runs statements on whichever connection there is, and turns the end of one into `ConnectionLostError`. */
export class ConnectionKeeper {
  readonly #host: AccessHost

  constructor(host: AccessHost) {
    this.#host = host
  }

  /**
   * Runs `work` on the present connection, once. `assertAlive` throws when that connection is void: call it before each
   * statement, since a worker that took over would run it outside of its transaction.
   *
   * @throws ConnectionLostError as soon as the connection is void, though `work` may never end
   */
  async run<T>(work: (connection: Connection, assertAlive: () => void) => Promise<T>): Promise<T> {
    const connection = await this.#host.pg()
    let isVoid = false
    const lost = Promise.withResolvers<never>()
    const stopListening = this.#host.onReconnect(() => {
      isVoid = true
      lost.reject(new ConnectionLostError())
    })
    const assertAlive = () => {
      if (isVoid) throw new ConnectionLostError()
    }
    try {
      return await Promise.race([work(connection, assertAlive), lost.promise])
    } catch (error) {
      throw isVoid || isLost(error) ? new ConnectionLostError({ cause: error }) : error
    } finally {
      stopListening()
    }
  }

  /** The same for work that may be done again. */
  async read<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.run(work)
      } catch (error) {
        if (!(error instanceof ConnectionLostError) || attempt === READ_ATTEMPTS) throw error
      }
    }
  }
}

function isLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ConnectionLostError || LOST.test(cause.message)) return true
  }
  return false
}
