import type { PGlite } from '@electric-sql/pglite'
import { electricSync, type SyncShapeToTableResult } from '@electric-sql/pglite-sync'
import { ShapeConnection, type SubscriptionState } from '@landfall/shapes/client'
import type { ShapeConfig } from '../protocol/messages.ts'
import { SYNCED_TABLES, type SyncedTable } from '../schema/synced-tables.ts'
import { type CommitGuard, guardCommits } from './commit-guard.ts'
import { keepWalSmall } from './keep-wal-small.ts'

/**
 * Keeps one `_synced` table equal to its shape, through pglite-sync.
 *
 * A *run* is one stream from start to stop. A run continues from the stored handle and offset. After a must-refetch, rows
 * that could not be stored, or a refusal, the next run is *fresh*: the stored position is dropped and the table is replaced
 * by the snapshot in one transaction. pglite-sync's own way through a 409 can end without the new handle being stored.
 */
export class ShapeSync {
  readonly #pg: PGlite
  readonly #table: SyncedTable
  readonly #connection: ShapeConnection
  #config: ShapeConfig
  #run = new AbortController()
  #refetches = 0
  #stream: SyncShapeToTableResult | undefined

  constructor(pg: PGlite, config: ShapeConfig, onState: (state: SubscriptionState) => void) {
    this.#pg = pg
    this.#config = config
    this.#table = SYNCED_TABLES[config.name]
    this.#connection = new ShapeConnection({ onState })
  }

  get state(): SubscriptionState {
    return this.#connection.state
  }

  start(): void {
    this.#connection.dispatch({ type: 'started' })
    this.#begin({ isFresh: false })
  }

  /** Takes a tab's view of URL and headers; starts again when they differ, or when the stream stands still. */
  configure(config: ShapeConfig): void {
    const isSame = JSON.stringify(config) === JSON.stringify(this.#config)
    const { status } = this.#connection.state
    const isStanding = status === 'unauthorized' || status === 'failed'
    if (isSame && !isStanding) return
    this.#config = config
    this.start()
  }

  /** What a page knows of the network; said also when a person comes back to it. */
  setOnline(isOnline: boolean): void {
    this.#connection.setOnline(isOnline)
  }

  stop(): void {
    this.#run.abort(new Error('this run of the stream is over'))
    this.#stream?.unsubscribe()
    this.#stream = undefined
  }

  #begin({ isFresh }: { isFresh: boolean }): void {
    this.stop()
    this.#run = new AbortController()
    const run = this.#run.signal
    this.#connect(run, isFresh).catch((error: unknown) => {
      if (!run.aborted) this.#fail(error, { isFresh })
    })
  }

  async #connect(run: AbortSignal, isFresh: boolean): Promise<void> {
    const { name, url, headers } = this.#config
    const isCurrent = () => !run.aborted
    const isNew = isFresh || !(await this.#hasPosition(name))
    const guard = guardCommits(this.#pg, {
      tableToReplace: isNew ? this.#table.table : null,
      onFailure: (error) => isCurrent() && this.#fail(error, { isFresh: true }),
    })
    const { namespaceObj: sync } = await electricSync().setup(guard.pg)
    await sync.initMetadataTables()
    if (isFresh) await sync.deleteSubscription(name)
    if (!isCurrent()) return
    const stream = await sync.syncShapeToTable({
      shape: {
        url,
        headers,
        fetchClient: (input, init) => this.#fetch(run, input, init),
        // The connection notices silence itself; the client's own watch would also cut its waits between tries short.
        liveRequestTimeoutMs: false,
      },
      shapeKey: name,
      table: this.#table.table,
      primaryKey: this.#table.primaryKey,
      mapColumns: (message) => this.#knownColumns(message.value),
      onError: (error) => isCurrent() && this.#refused(error),
    })
    if (!isCurrent()) return stream.unsubscribe()
    this.#stream = stream
    stream.stream.subscribe((messages) => {
      for (const { headers } of messages) {
        if (!isCurrent() || !('control' in headers)) continue
        if (headers.control === 'must-refetch') this.#refetch()
        if (headers.control === 'up-to-date') void this.#upToDate(run, guard)
      }
    })
  }

  /** What passes by itself does not come back from here: the client of the protocol sees answers only. */
  #fetch(run: AbortSignal, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const signal = init?.signal ? AbortSignal.any([run, init.signal]) : run
    return this.#connection.fetch(input, { ...init, signal })
  }

  /** Said only once the rows are in the table. */
  async #upToDate(run: AbortSignal, guard: CommitGuard): Promise<void> {
    await guard.settled()
    if (run.aborted || guard.hasFailed()) return
    this.#refetches = 0
    this.#connection.dispatch({ type: 'caught-up', atMs: Date.now() })
    // Housekeeping: what goes wrong here goes wrong with the next commit too, where it is told.
    await keepWalSmall(this.#pg).catch(() => {})
  }

  #refetch(): void {
    this.#refetches++
    this.#connection.dispatch({ type: 'disturbed', problem: 'the server asked to fetch the shape anew' })
    // The first is ordinary. A server that says so again and again is given time.
    this.#restart({ isFresh: true, delayMs: this.#refetches === 1 ? 0 : this.#connection.retryDelayMs() })
  }

  #refused(error: Error): void {
    const status = 'status' in error ? error.status : undefined
    if (status === 401 || status === 403) {
      this.stop()
      this.#connection.dispatch({ type: 'unauthorized', problem: messageOf(error) })
    } else {
      this.#fail(error, { isFresh: true })
    }
  }

  #fail(error: unknown, { isFresh }: { isFresh: boolean }): void {
    this.#connection.dispatch({ type: 'refused', problem: messageOf(error) })
    this.#restart({ isFresh, delayMs: this.#connection.retryDelayMs() })
  }

  #restart({ isFresh, delayMs }: { isFresh: boolean; delayMs: number }): void {
    this.stop()
    this.#run = new AbortController()
    this.#connection.pause(delayMs, 0, this.#run.signal).then(
      () => this.#begin({ isFresh }),
      // Another run began, or none is wanted any more.
      () => {},
    )
  }

  async #hasPosition(name: string): Promise<boolean> {
    const { rows } = await this.#pg.query('SELECT FROM electric.subscriptions_metadata WHERE key = $1', [name])
    return rows.length > 0
  }

  #knownColumns(value: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).filter(([column]) => this.#table.columns.has(column)))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
