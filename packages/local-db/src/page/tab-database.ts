import type { QueueEntryView } from '@landfall/contract'
import type { AccessHost } from '../access/access-host.ts'
import type { Access } from '../access/create-access.ts'
import type { DatabaseNames } from '../protocol/database-names.ts'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import type { OperationQueue } from '../reconcile/operation-queue.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import { Reconciler } from '../reconcile/reconciler.ts'
import { storedBytes } from '../storage/stored-bytes.ts'
import type { ControlChannel } from './control-channel.ts'
import { type DeviceStorage, databaseSize, deviceStorage } from './device-storage.ts'
import { LocalDbWipeError } from './errors.ts'
import { keepReconciled } from './keep-reconciled.ts'
import type { LocalDb, PGliteOfTab, ReconcileOptions } from './local-db.ts'
import { ConnectionEndedError } from './reject-when-lost.ts'
import type { TabConnections } from './tab-connections.ts'

/** Given rather than imported: it comes with Drizzle, which a page loads only when it opens a database. */
type CreateAccess = (host: AccessHost) => Access

/** How long closing waits for statements that are on their way. */
const CLOSE_GRACE_MS = 1_000

export interface TabDatabaseParts {
  connections: TabConnections
  control: ControlChannel
  names: DatabaseNames
  queue: OperationQueue | undefined
  createAccess: CreateAccess
  configure: (shapes: ShapeConfig[]) => void
  /** Lets go of the worker. */
  release: () => void
}

export class TabDatabase implements LocalDb {
  readonly drizzle: Access['drizzle']
  readonly write: Access['write']
  readonly awaitSynced: Access['awaitSynced']
  readonly live: Access['live']
  readonly liveRows: Access['liveRows']
  readonly #parts: TabDatabaseParts
  readonly #stopReconciling: () => void
  #closing: Promise<void> | undefined

  constructor(parts: TabDatabaseParts) {
    this.#parts = parts
    const { connections, names, queue } = parts
    const database = () => connections.pg()
    const reconciler = queue && new Reconciler({ database, queue, owner: names.owner, lockName: names.reconcileLock })
    this.#stopReconciling = reconciler ? keepReconciled(connections, reconciler) : () => {}
    const onReconnect = (listener: () => void) => connections.onReconnect(listener)
    const access = parts.createAccess({ pg: database, onReconnect, queue, reconciler })
    this.drizzle = access.drizzle
    this.write = access.write
    this.awaitSynced = access.awaitSynced
    this.live = access.live
    this.liveRows = access.liveRows
  }

  get pg(): PGliteOfTab {
    return this.#parts.connections.latest
  }

  async reconcile(entries: readonly QueueEntryView[], { revision }: ReconcileOptions = {}): Promise<void> {
    const once = async () => reconcile(await this.#parts.connections.pg(), entries, revision ?? null)
    try {
      await once()
    } catch (error) {
      if (!(error instanceof ConnectionEndedError)) throw error
      // Nobody knows whether the old worker still did it; doing it again is harmless.
      await once()
    }
  }

  async reconcileFrom(read: () => Promise<readonly QueueEntryView[]>): Promise<void> {
    await navigator.locks.request(this.#parts.names.reconcileLock, async () => this.reconcile(await read()))
  }

  configure(shapes: ShapeConfig[]): void {
    this.#parts.configure(shapes)
  }

  subscribeStatus(listener: () => void): () => void {
    return this.#parts.control.subscribeStatus(listener)
  }

  getStatus(): LocalDbStatus {
    return this.#parts.control.status
  }

  onTakeover(listener: () => void): () => void {
    return this.#parts.connections.onReconnect(listener)
  }

  async storage(): Promise<DeviceStorage> {
    const { connections, queue, names } = this.#parts
    const databaseBytes = await databaseSize(await connections.pg()).catch(() => storedBytes(names))
    return deviceStorage(databaseBytes, queue)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async wipe(): Promise<void> {
    const { control } = this.#parts
    const answer = control.nextMessage('wiped', 'wipe-failed')
    control.send({ type: 'wipe' })
    const result = await answer
    // The worker is gone, so there is nothing to wait for.
    this.#closing ??= this.#release()
    await this.#closing
    if (result.type === 'wipe-failed') throw new LocalDbWipeError(result.message)
  }

  /**
   * A live query that is being dropped as its component unmounts still sends statements; on a closed channel they would
   * throw where nobody catches. They stand before ours in the worker's queue.
   */
  async #close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_GRACE_MS)
    })
    const drained = this.#drain().catch(() => undefined)
    await Promise.race([drained, grace])
    clearTimeout(timer)
    await this.#release()
  }

  async #release(): Promise<void> {
    this.#stopReconciling()
    this.#parts.connections.close()
    this.#parts.release()
  }

  async #drain(): Promise<void> {
    // Two rounds: a query that was still subscribing in the first unsubscribes behind it.
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve))
      await this.pg.query('SELECT')
    }
  }
}
