import type { PGlite } from '@electric-sql/pglite'
import type { FollowedShape } from '@landfall/contract'
import type { SubscriptionState } from '@landfall/shapes/client'
import { type DatabaseNames, databaseNames } from '../protocol/database-names.ts'
import type { ControlMessage, LeaderMessage, ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import type { SyncProgress } from '../protocol/sync-progress.ts'
import { askServer } from '../schema/chain/ask-server.ts'
import { SchemaFollower } from '../schema/chain/follow-schema.ts'
import { deleteDatabase, deleteEverything, deleteGenerations } from '../storage/delete-generations.ts'
import { type OpenedDatabase, openDatabase } from './open-database.ts'
import { servePages } from './serve-pages.ts'
import { ShapeSync } from './shape-sync.ts'
import { letGo } from './start-database.ts'
import { WaitPlaces } from './sync/wait-places.ts'
import { watchProtocols } from './sync/watch-protocols.ts'
import type { EngineEnd } from './watch-engine.ts'
import { proveHealth, recordEnd } from './watch-health.ts'
import { withinTime } from './within-time.ts'
import type { WorkerAssets } from './worker-assets.ts'

export interface DatabaseHostOptions {
  owner: string
  assets: WorkerAssets
  baseUrl: string
  /** How long the stored database may take to open before it is set aside. */
  openWithinMs: number
  /** Ends the worker, which releases its locks. */
  closeWorker: () => void
}

/** How long a wipe waits for whoever still holds an old generation; its files are empty by then. */
const WIPED_WITHIN_MS = 5_000

/**
 * One worker's side of an owner's database. Many may exist (a tab each in the fallback, an old and a new one during a
 * deploy), one leads: the holder of the election lock has the database open and runs the streams. The others only keep the
 * configuration, in case they lead next.
 */
export class DatabaseHost {
  readonly #options: DatabaseHostOptions
  readonly #names: DatabaseNames
  readonly #channel: BroadcastChannel
  readonly #configs = new Map<FollowedShape, ShapeConfig>()
  readonly #streams = new Map<FollowedShape, ShapeSync>()
  readonly #waits = new WaitPlaces({ isMultiplexed: watchProtocols() })
  #status: LocalDbStatus = { phase: 'opening' }
  #isLeader = false
  #isOnline = true
  /** Wiped, failed or given up: whatever still comes is an echo. */
  #isEnding = false
  #opened: OpenedDatabase | undefined
  #follower: SchemaFollower | undefined
  #opening: Promise<PGlite> | undefined

  constructor(options: DatabaseHostOptions) {
    this.#options = options
    this.#names = databaseNames(options.owner)
    this.#channel = new BroadcastChannel(this.#names.controlChannel)
    this.#channel.onmessage = ({ data }: MessageEvent<ControlMessage>) => this.#receive(data)
    servePages(this.#names.lockId, () => this.#lead()).catch((error: unknown) => this.#fail(error))
  }

  /** Tells a page that has just come how things stand. */
  greet(): void {
    if (this.#isLeader) this.#publish()
  }

  configure(shapes: readonly ShapeConfig[]): void {
    for (const config of shapes) {
      this.#configs.set(config.name, config)
      const stream = this.#streams.get(config.name)
      if (stream) stream.configure(config)
      else if (this.#status.phase === 'ready') void this.#opening?.then((pg) => this.#stream(pg, config))
    }
  }

  async #lead(): Promise<PGlite> {
    this.#isLeader = true
    this.#publish()
    this.#opening = this.#open()
    return this.#opening
  }

  async #open(): Promise<PGlite> {
    const { assets, baseUrl, openWithinMs } = this.#options
    const opened = await openDatabase({
      names: this.#names,
      assets,
      baseUrl,
      withinMs: openWithinMs,
      onEnd: (end) => void this.#giveUp(end),
      onFull: (isFull) => this.#update({ storage: isFull ? 'full' : 'ok' }),
    })
    const { pg, rebuilt, schema, isReopened } = opened
    this.#opened = opened
    this.#status = {
      phase: 'ready',
      sync: {},
      syncedAtMs: {},
      progress: {},
      problems: {},
      rebuilt,
      schema,
      storage: 'ok',
    }
    this.#publish()
    for (const config of this.#configs.values()) this.#stream(pg, config)
    this.#followSchema(opened)
    // What is set aside stays until its successor has caught up, or was good enough to be opened again.
    if (isReopened) this.#deleteSetAside()
    void deleteDatabase(this.#names.unversionedIndexedDbName).catch(() => {})
    void proveHealth(opened, (damage) => void this.#giveUp({ kind: 'damaged', detail: damage }))
    return pg
  }

  #followSchema({ pg, schema }: OpenedDatabase): void {
    this.#follower = new SchemaFollower({
      pg,
      schema,
      ask: askServer(new URL('/api/local-schema', this.#options.baseUrl).href),
      onStatus: (changed) => this.#update({ schema: changed }),
      // The next opening asks as well, and begins with the seed.
      onReset: () => void this.#giveUp(null),
      whileStreamsRest: (work) => this.#whileStreamsRest(work),
    })
    this.#follower.setOnline(this.#isOnline)
    this.#follower.start()
  }

  async #whileStreamsRest<T>(work: () => Promise<T>): Promise<T> {
    for (const stream of this.#streams.values()) stream.stop()
    try {
      return await work()
    } finally {
      if (!this.#isEnding) for (const stream of this.#streams.values()) stream.start()
    }
  }

  #deleteSetAside(): void {
    const generations = this.#opened?.setAside.splice(0) ?? []
    // In the background: somebody may hold on to it for as long as they like.
    if (generations.length > 0) void deleteGenerations(this.#names, generations).catch(() => {})
  }

  #stream(pg: PGlite, config: ShapeConfig): void {
    if (this.#isEnding || this.#streams.has(config.name)) return
    const stream = new ShapeSync(pg, config, {
      onState: (state) => this.#note(config.name, state),
      onProgress: (progress) => this.#noteProgress(config.name, progress),
      waits: this.#waits,
    })
    this.#streams.set(config.name, stream)
    stream.setOnline(this.#isOnline)
    stream.start()
  }

  #note(name: FollowedShape, { status, problem, syncedAtMs }: SubscriptionState): void {
    if (this.#status.phase !== 'ready') return
    const { [name]: _solved, ...problems } = this.#status.problems
    this.#update({
      sync: { ...this.#status.sync, [name]: status },
      syncedAtMs: syncedAtMs === null ? this.#status.syncedAtMs : { ...this.#status.syncedAtMs, [name]: syncedAtMs },
      problems: problem === null ? problems : { ...problems, [name]: problem },
    })
    const standing = Object.values(this.#status.sync)
    if (standing.every((state) => state === 'up-to-date')) this.#deleteSetAside()
  }

  #noteProgress(name: FollowedShape, progress: SyncProgress | null): void {
    if (this.#status.phase !== 'ready') return
    const { [name]: _before, ...others } = this.#status.progress
    this.#update({ progress: progress ? { ...others, [name]: progress } : others })
  }

  #receive(message: ControlMessage): void {
    switch (message.type) {
      case 'configure':
        this.configure(message.shapes)
        return
      case 'network':
        this.#isOnline = message.isOnline
        for (const stream of this.#streams.values()) stream.setOnline(message.isOnline)
        this.#follower?.setOnline(message.isOnline)
        return
      case 'ask-status':
        if (this.#isLeader) this.#publish()
        return
      case 'wipe':
        if (this.#isLeader) void this.#wipe()
        return
      case 'wiped':
        // Whoever waits to lead must not: it would make the database anew for a person who has left.
        this.#options.closeWorker()
        return
      case 'status':
      case 'wipe-failed':
        return
    }
  }

  async #wipe(): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#follower?.stop()
    for (const stream of this.#streams.values()) stream.stop()
    try {
      const pg = await this.#opening?.catch(() => undefined)
      // Not closed in order: that would wait for a tab that is in the middle of a transaction, and write once more.
      if (pg) letGo(pg)
      await withinTime(deleteEverything(this.#names), WIPED_WITHIN_MS, () => new Error('another tab has it open'))
      this.#post({ type: 'wiped' })
    } catch (error) {
      this.#post({ type: 'wipe-failed', message: error instanceof Error ? error.message : String(error) })
    }
    this.#options.closeWorker()
  }

  /**
   * Ends this worker because its engine did, or (null) because the database has no future; the pages start the next, which
   * opens it again or makes it anew.
   */
  async #giveUp(end: EngineEnd | null): Promise<void> {
    // While it is opened, the opening itself fails and decides.
    if (this.#isEnding || !this.#opened) return
    this.#isEnding = true
    this.#follower?.stop()
    for (const stream of this.#streams.values()) stream.stop()
    this.#status = { phase: 'opening' }
    this.#publish()
    letGo(this.#opened.pg)
    if (end) await recordEnd(this.#opened, end).catch(() => {})
    this.#options.closeWorker()
  }

  /** Gives the lock back, so that the next to open tries afresh. */
  #fail(error: unknown): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#status = { phase: 'failed', message: error instanceof Error ? error.message : String(error) }
    this.#publish()
    this.#options.closeWorker()
  }

  #update(changed: Partial<Extract<LocalDbStatus, { phase: 'ready' }>>): void {
    if (this.#status.phase !== 'ready' || this.#isEnding) return
    this.#status = { ...this.#status, ...changed }
    this.#publish()
  }

  #publish(): void {
    this.#post({ type: 'status', status: this.#status })
  }

  #post(message: LeaderMessage): void {
    this.#channel.postMessage(message)
  }
}
