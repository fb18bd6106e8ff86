import type { QueueEntryView } from '@landfall/contract'
import type { AccessHost } from '../access/access-host.ts'
import type { Access } from '../access/create-access.ts'
import type { DatabaseNames } from '../protocol/database-names.ts'
import type { ShapeConfig } from '../protocol/messages.ts'
import type { LocalDbStatus } from '../protocol/status.ts'
import { reconcile } from '../reconcile/reconcile.ts'
import type { ControlChannel } from './control-channel.ts'
import { LocalDbWipeError } from './errors.ts'
import type { LocalDb, PGliteOfTab, ReconcileOptions } from './local-db.ts'

/** Given rather than imported: it comes with Drizzle, which a page loads only when it opens a database. */
type CreateAccess = (host: AccessHost) => Access

/** How long closing waits for statements that are on their way. */
const CLOSE_GRACE_MS = 1_000

/** What PGliteWorker rejects with when the worker that had the statement is gone. Its class does not reach us intact. */
const LEADER_CHANGED = /^Leader changed/

export class TabDatabase implements LocalDb {
  readonly pg: PGliteOfTab
  readonly drizzle: Access['drizzle']
  readonly write: Access['write']
  readonly awaitSynced: Access['awaitSynced']
  readonly live: Access['live']
  readonly liveRows: Access['liveRows']
  readonly #control: ControlChannel
  readonly #names: DatabaseNames
  #closing: Promise<void> | undefined

  constructor(pg: PGliteOfTab, control: ControlChannel, names: DatabaseNames, createAccess: CreateAccess) {
    this.pg = pg
    this.#control = control
    this.#names = names
    const access = createAccess({
      pg: async () => {
        await pg.waitReady
        return pg
      },
      onReconnect: (listener) => pg.onLeaderChange(listener),
    })
    this.drizzle = access.drizzle
    this.write = access.write
    this.awaitSynced = access.awaitSynced
    this.live = access.live
    this.liveRows = access.liveRows
  }

  async reconcile(entries: readonly QueueEntryView[], { revision }: ReconcileOptions = {}): Promise<void> {
    try {
      await reconcile(this.pg, entries, revision ?? null)
    } catch (error) {
      if (!(error instanceof Error && LEADER_CHANGED.test(error.message))) throw error
      // Nobody knows whether the old worker still did it; doing it again is harmless.
      await this.pg.waitReady
      await reconcile(this.pg, entries, revision ?? null)
    }
  }

  async reconcileFrom(read: () => Promise<readonly QueueEntryView[]>): Promise<void> {
    await navigator.locks.request(this.#names.reconcileLock, async () => this.reconcile(await read()))
  }

  configure(shapes: ShapeConfig[]): void {
    this.#control.send({
      type: 'configure',
      shapes: shapes.map((shape) => ({ ...shape, url: new URL(shape.url, location.href).href })),
    })
  }

  subscribeStatus(listener: () => void): () => void {
    return this.#control.subscribeStatus(listener)
  }

  getStatus(): LocalDbStatus {
    return this.#control.status
  }

  onTakeover(listener: () => void): () => void {
    return this.pg.onLeaderChange(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async wipe(): Promise<void> {
    const answer = this.#control.nextMessage('wiped', 'wipe-failed')
    this.#control.send({ type: 'wipe' })
    const result = await answer
    // The worker is gone, so there is nothing to wait for.
    this.#closing ??= this.pg.close()
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
    await this.pg.close()
  }

  async #drain(): Promise<void> {
    // Two rounds: a query that was still subscribing in the first unsubscribes behind it.
    for (let round = 0; round < 2; round++) {
      await new Promise((resolve) => setTimeout(resolve))
      await this.pg.query('SELECT')
    }
  }
}
