import type { live as liveExtension } from '@electric-sql/pglite/live'
import type { PGliteWorker } from '@electric-sql/pglite/worker'
import type { PGliteOfTab } from './local-db.ts'
import { readSqlStates } from './read-sql-states.ts'
import { rejectWhenLost } from './reject-when-lost.ts'

/** PGlite's client side, loaded when a database is opened. */
export interface PGliteClient {
  PGliteWorker: typeof PGliteWorker
  live: typeof liveExtension
}

interface Connection {
  pg: PGliteOfTab
  lose: () => void
}

export interface TabConnectionsOptions {
  client: PGliteClient
  lockId: string
  /** Resolves once a worker has the database open. */
  whenReady: () => Promise<unknown>
}

/**
 * A tab's connections to whichever worker leads, one after the other. PGliteWorker would go on with the next leader by
 * itself, but what it was in the middle of it would go on with too. So each leader gets a PGliteWorker of its own, and not
 * before it answers: PGliteWorker asks for it every 16 ms.
 */
export class TabConnections {
  readonly #options: TabConnectionsOptions
  readonly #listeners = new Set<() => void>()
  readonly #closed = Promise.withResolvers<void>()
  #latest: PGliteOfTab | undefined
  #connection: Connection | undefined
  #opening: Promise<Connection | undefined> | undefined
  #renewals = 0
  #isClosed = false

  constructor(options: TabConnectionsOptions) {
    this.#options = options
  }

  /** The latest connection, which may be void by now. */
  get latest(): PGliteOfTab {
    if (!this.#latest) throw new Error('The database was not opened.')
    return this.#latest
  }

  /** Calls back at once when every connection handed out before is void, and before there is another. */
  onReconnect(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The present connection, once a worker answers on it. Rejects when it is closed. */
  async pg(): Promise<PGliteOfTab> {
    for (;;) {
      if (this.#isClosed) throw new Error('The database was closed.')
      const renewal = this.#renewals
      this.#opening ??= this.#open()
      const connection = await Promise.race([this.#opening, this.#closed.promise])
      if (connection && renewal === this.#renewals) return connection.pg
    }
  }

  /** Voids the present connection; whoever wants one next gets another, of the leader that is there or comes. */
  renew(): void {
    if (this.#isClosed) return
    this.#void()
    this.#renewals++
    this.#opening = undefined
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#void()
    this.#listeners.clear()
    this.#closed.resolve()
  }

  async #open(): Promise<Connection | undefined> {
    const { client, lockId, whenReady } = this.#options
    const renewal = this.#renewals
    const isWanted = () => renewal === this.#renewals && !this.#isClosed
    await whenReady()
    if (!isWanted()) return undefined
    const options = { id: lockId, extensions: { live: client.live } }
    const pg = new (withQuietStart(client.PGliteWorker))(greeter(lockId), options) as PGliteOfTab
    const connection = { pg, lose: rejectWhenLost(pg) }
    readSqlStates(pg)
    await pg.waitReady
    if (!isWanted()) {
      void pg.close()
      return undefined
    }
    this.#latest = pg
    this.#connection = connection
    pg.onLeaderChange(() => this.#connection === connection && this.renew())
    return connection
  }

  #void(): void {
    const connection = this.#connection
    this.#connection = undefined
    for (const listener of [...this.#listeners]) listener()
    if (!connection) return
    connection.lose()
    // One that looks for the next leader would do so on a closed channel: it is closed when it has found it.
    void connection.pg.waitReady.then(() => connection.pg.close())
  }
}

/** The query that PGliteWorker begins with is awaited by nobody: when it is lost, nobody need hear of it. */
function withQuietStart(Client: typeof PGliteWorker): typeof PGliteWorker {
  return class extends Client {
    override _initArrayTypes(options?: { force?: boolean }): Promise<void> {
      return super._initArrayTypes(options).catch(() => {})
    }
  }
}

/**
 * Says to a PGliteWorker what a worker would at first: that it is there, and by which id the leader is found. All else
 * goes over broadcast channels, whoever leads.
 */
function greeter(lockId: string): Worker {
  const target = new EventTarget()
  const say = (data: object) => queueMicrotask(() => target.dispatchEvent(new MessageEvent('message', { data })))
  say({ type: 'here' })
  return Object.assign(target, {
    postMessage: () => say({ type: 'ready', id: lockId }),
    terminate: () => {},
  }) as unknown as Worker
}
