import type { PGlite } from '@electric-sql/pglite'
import { electricSync, type SyncShapeToTableResult } from '@electric-sql/pglite-sync'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { SyncState } from '../protocol/status.ts'
import { SYNCED_TABLES, type SyncedTable } from '../schema/synced-tables.ts'
import { type CommitGuard, guardCommits } from './commit-guard.ts'
import { keepWalSmall } from './keep-wal-small.ts'
import { restartDelayMs } from './restart-delay.ts'

export type SyncListener = (state: SyncState, problem: string | null) => void

/** Failures in a row after which a person is told; until then the stream is merely reconnecting. */
const FAILURES_UNTIL_TOLD = 3

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
  readonly #onState: SyncListener
  #config: ShapeConfig
  #run = 0
  #failures = 0
  #state: SyncState = 'connecting'
  #stream: SyncShapeToTableResult | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(pg: PGlite, config: ShapeConfig, onState: SyncListener) {
    this.#pg = pg
    this.#config = config
    this.#table = SYNCED_TABLES[config.name]
    this.#onState = onState
  }

  start(): void {
    this.#begin({ isFresh: false })
  }

  /** Takes a tab's view of URL and headers; starts again when they differ, or when the stream stands still. */
  configure(config: ShapeConfig): void {
    const isSame = JSON.stringify(config) === JSON.stringify(this.#config)
    const isStanding = this.#state === 'unauthorized' || this.#state === 'failed'
    if (isSame && !isStanding) return
    this.#config = config
    this.#failures = 0
    this.#begin({ isFresh: false })
  }

  stop(): void {
    this.#run++
    clearTimeout(this.#timer)
    this.#stream?.unsubscribe()
    this.#stream = undefined
  }

  #begin({ isFresh }: { isFresh: boolean }): void {
    this.stop()
    const run = this.#run
    this.#report(this.#failures > 0 ? this.#state : 'connecting', null)
    this.#connect(run, isFresh).catch((error: unknown) => {
      if (run === this.#run) this.#fail(error, { isFresh })
    })
  }

  async #connect(run: number, isFresh: boolean): Promise<void> {
    const { name, url, headers } = this.#config
    const isCurrent = () => run === this.#run
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
      shape: { url, headers, fetchClient: (input, init) => this.#fetch(run, input, init) },
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

  /** The client retries by itself what may pass; we only watch. Never from the browser's cache: PGlite is the cache. */
  async #fetch(run: number, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const reconnecting = (problem: string) => run === this.#run && this.#report('reconnecting', problem)
    try {
      const response = await fetch(input, { ...init, cache: 'no-store' })
      if (response.status >= 500 || response.status === 429) reconnecting(`status ${response.status}`)
      return response
    } catch (error) {
      if (!init?.signal?.aborted) reconnecting(messageOf(error))
      throw error
    }
  }

  /** Said only once the rows are in the table. */
  async #upToDate(run: number, guard: CommitGuard): Promise<void> {
    await guard.settled()
    if (run !== this.#run || guard.hasFailed()) return
    this.#failures = 0
    this.#report('up-to-date', null)
    // Housekeeping: what goes wrong here goes wrong with the next commit too, where it is told.
    await keepWalSmall(this.#pg).catch(() => {})
  }

  #refetch(): void {
    // The first is ordinary. A server that says so again and again is given time.
    const delayMs = this.#failures === 0 ? 0 : restartDelayMs(this.#failures)
    this.#failures++
    this.#report('reconnecting', 'the server asked to fetch the shape anew')
    this.#restart({ isFresh: true, delayMs })
  }

  #refused(error: Error): void {
    const status = 'status' in error ? error.status : undefined
    if (status === 401 || status === 403) {
      this.stop()
      this.#report('unauthorized', messageOf(error))
    } else {
      this.#fail(error, { isFresh: true })
    }
  }

  #fail(error: unknown, { isFresh }: { isFresh: boolean }): void {
    this.#failures++
    this.#report(this.#failures < FAILURES_UNTIL_TOLD ? 'reconnecting' : 'failed', messageOf(error))
    this.#restart({ isFresh, delayMs: restartDelayMs(this.#failures) })
  }

  #restart({ isFresh, delayMs }: { isFresh: boolean; delayMs: number }): void {
    this.stop()
    this.#timer = setTimeout(() => this.#begin({ isFresh }), delayMs)
  }

  async #hasPosition(name: string): Promise<boolean> {
    const { rows } = await this.#pg.query('SELECT FROM electric.subscriptions_metadata WHERE key = $1', [name])
    return rows.length > 0
  }

  #knownColumns(value: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).filter(([column]) => this.#table.columns.has(column)))
  }

  #report(state: SyncState, problem: string | null): void {
    this.#state = state
    this.#onState(state, problem)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
