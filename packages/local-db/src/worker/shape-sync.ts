import { ShapeStream } from '@electric-sql/client'
import type { PGlite } from '@electric-sql/pglite'
import type { FollowedShape } from '@landfall/contract'
import { ShapeConnection, type SubscriptionState } from '@landfall/shapes/client'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { SyncProgress } from '../protocol/sync-progress.ts'
import { SYNCED_SHAPES } from '../schema/generated/entities.ts'
import { ProgressReport } from './sync/progress-report.ts'
import { RowsAside } from './sync/rows-aside.ts'
import type { ShapeMessage, ShapePlace } from './sync/shape-messages.ts'
import { ShapeStore } from './sync/shape-store.ts'
import type { WaitPlaces } from './sync/wait-places.ts'

export interface ShapeSyncOptions {
  onState: (state: SubscriptionState) => void
  /** How far a first sync has come; null when it is over. */
  onProgress?: (progress: SyncProgress | null) => void
  /** Shared by all shapes of a worker. */
  waits: WaitPlaces
}

/**
 * Keeps one `_synced` table equal to its shape.
 *
 * A *run* is one stream from start to stop. A run continues from the stored handle and offset. After a must-refetch, rows
 * that could not be stored twice, or a refusal, the next run is *fresh*: it begins at the beginning, and the table is
 * replaced when everything has come.
 */
export class ShapeSync {
  readonly #pg: PGlite
  readonly #name: FollowedShape
  readonly #connection: ShapeConnection
  readonly #waits: WaitPlaces
  readonly #progress: ProgressReport
  #config: ShapeConfig
  #run = new AbortController()
  #refetches = 0
  #storeFailures = 0
  /** Ends when nothing of the run before is being stored any more. */
  #storing: Promise<unknown> = Promise.resolve()

  constructor(pg: PGlite, config: ShapeConfig, { onState, onProgress, waits }: ShapeSyncOptions) {
    this.#pg = pg
    this.#config = config
    this.#name = config.name
    this.#waits = waits
    this.#progress = new ProgressReport((progress) => onProgress?.(progress))
    this.#connection = new ShapeConnection({ onState, onBytes: (bytes) => this.#progress.add({ bytes }) })
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
    if (isOnline) this.#waits.wake()
  }

  stop(): void {
    this.#run.abort(new Error('this run of the stream is over'))
    this.#progress.end()
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
    await this.#storing
    if (run.aborted) return
    const store = await ShapeStore.open(this.#pg, this.#name, SYNCED_SHAPES[this.#name].table, { isFresh })
    if (run.aborted) return
    if (store.isFirst) this.#progress.begin()
    const aside = new RowsAside()
    const stream = new ShapeStream({
      url: this.#config.url,
      headers: this.#config.headers,
      ...store.place,
      signal: run,
      fetchClient: async (input, init) => aside.setRowsAside(await this.#fetch(run, input, init)),
      // The connection notices silence itself; the client's own watch would also cut its waits between tries short.
      liveRequestTimeoutMs: false,
      onError: (error) => {
        if (!run.aborted) this.#refused(error)
      },
    })
    stream.subscribe(async (messages) => {
      if (run.aborted) return
      if (messages.some(({ headers }) => 'control' in headers && headers.control === 'must-refetch')) {
        this.#refetch()
        return
      }
      const { shapeHandle: handle, lastOffset: offset } = stream
      if (handle === undefined) return
      const place = { handle, offset }
      const storing = this.#store(run, store, aside.takeRows(place), place)
      this.#storing = storing
      // The next answer waits: answers are stored one after the other, and memory holds few of them.
      await storing
    })
  }

  async #store(
    run: AbortSignal,
    store: ShapeStore,
    messages: readonly ShapeMessage[],
    place: ShapePlace,
  ): Promise<void> {
    try {
      const stored = await store.take(messages, place)
      if (run.aborted) return
      this.#storeFailures = 0
      this.#progress.add({ rows: stored.rows })
      if (stored.hasNews && stored.isUpToDate) this.#waits.wake()
      if (stored.isUpToDate) this.#upToDate()
    } catch (error) {
      if (run.aborted) return
      this.#storeFailures += 1
      this.#fail(error, { isFresh: this.#storeFailures > 1 })
    }
  }

  /** What passes by itself does not come back from here: the client of the protocol sees answers only. */
  async #fetch(run: AbortSignal, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const signal = init?.signal ? AbortSignal.any([run, init.signal]) : run
    const url = new URL(String(input instanceof Request ? input.url : input))
    if (url.searchParams.get('live') !== 'true') return await this.#connection.fetch(url, { ...init, signal })

    const place = await this.#waits.take(this.#name, url.href, signal)
    if (place.kind === 'ask') {
      const cursor = url.searchParams.get('cursor') ?? '0'
      url.searchParams.delete('live')
      const response = await this.#connection.fetch(url, { ...init, signal })
      // A client that asked for news expects a cursor, also where the answer is to a question without a wait.
      if (!response.headers.has('electric-cursor')) response.headers.set('electric-cursor', cursor)
      return response
    }
    try {
      return await this.#connection.fetch(url, { ...init, signal })
    } finally {
      place.leave()
    }
  }

  /** Said only once the rows are in the table. */
  #upToDate(): void {
    this.#refetches = 0
    this.#progress.end()
    this.#connection.dispatch({ type: 'caught-up', atMs: Date.now() })
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
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
