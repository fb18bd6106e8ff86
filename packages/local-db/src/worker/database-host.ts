import type { PGlite } from '@electric-sql/pglite'
import type { FollowedShape } from '@landfall/contract'
import type { SubscriptionState } from '@landfall/shapes/client'
import { type DatabaseNames, databaseNames } from '../protocol/database-names.ts'
import type { ControlMessage, LeaderMessage, ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import type { SyncProgress } from '../protocol/sync-progress.ts'
import { destroyDatabase, openDatabase } from './open-database.ts'
import { answerHandshake, servePages } from './serve-pages.ts'
import { ShapeSync } from './shape-sync.ts'
import { WaitPlaces } from './sync/wait-places.ts'
import { watchProtocols } from './sync/watch-protocols.ts'
import type { WorkerAssets } from './worker-assets.ts'

export interface DatabaseHostOptions {
  tenantId: string
  assets: WorkerAssets
  baseUrl: string
  /** Ends the worker, which releases its locks. */
  closeWorker: () => void
}

/**
 * One worker's side of a tenant's database. Many may exist (a tab each in the fallback, an old and a new one during a
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
  #isWiped = false
  #opening: Promise<PGlite> | undefined

  constructor(options: DatabaseHostOptions) {
    this.#options = options
    this.#names = databaseNames(options.tenantId)
    this.#channel = new BroadcastChannel(this.#names.controlChannel)
    this.#channel.onmessage = ({ data }: MessageEvent<ControlMessage>) => this.#receive(data)
    servePages(this.#names.lockId, () => this.#lead()).catch((error: unknown) => this.#fail(error))
  }

  attach(port: MessagePort): void {
    answerHandshake(port, this.#names.lockId)
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
    const { assets, baseUrl } = this.#options
    const { pg, isRebuilt } = await openDatabase(this.#names, assets, baseUrl)
    this.#status = { phase: 'ready', sync: {}, syncedAtMs: {}, progress: {}, problems: {}, isRebuilt }
    this.#publish()
    for (const config of this.#configs.values()) this.#stream(pg, config)
    return pg
  }

  #stream(pg: PGlite, config: ShapeConfig): void {
    if (this.#isWiped || this.#streams.has(config.name)) return
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
    this.#status = {
      ...this.#status,
      sync: { ...this.#status.sync, [name]: status },
      syncedAtMs: syncedAtMs === null ? this.#status.syncedAtMs : { ...this.#status.syncedAtMs, [name]: syncedAtMs },
      problems: problem === null ? problems : { ...problems, [name]: problem },
    }
    this.#publish()
  }

  #noteProgress(name: FollowedShape, progress: SyncProgress | null): void {
    if (this.#status.phase !== 'ready') return
    const { [name]: _before, ...others } = this.#status.progress
    this.#status = { ...this.#status, progress: progress ? { ...others, [name]: progress } : others }
    this.#publish()
  }

  #receive(message: ControlMessage): void {
    switch (message.type) {
      case 'configure':
        this.configure(message.shapes)
        return
      case 'network':
        this.#isOnline = message.isOnline
        for (const stream of this.#streams.values()) stream.setOnline(message.isOnline)
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
    if (this.#isWiped) return
    this.#isWiped = true
    for (const stream of this.#streams.values()) stream.stop()
    try {
      const pg = await this.#opening
      if (pg) await destroyDatabase(pg, this.#names)
      this.#post({ type: 'wiped' })
    } catch (error) {
      this.#post({ type: 'wipe-failed', message: error instanceof Error ? error.message : String(error) })
    }
    this.#options.closeWorker()
  }

  /** Gives the lock back, so that the next to open tries afresh. */
  #fail(error: unknown): void {
    if (this.#isWiped) return
    this.#status = { phase: 'failed', message: error instanceof Error ? error.message : String(error) }
    this.#publish()
    this.#options.closeWorker()
  }

  #publish(): void {
    this.#post({ type: 'status', status: this.#status })
  }

  #post(message: LeaderMessage): void {
    this.#channel.postMessage(message)
  }
}
