import type { Lsn } from './replication/lsn.ts'
import type { ReplicationSink, StreamIdentity } from './replication/replication-sink.ts'
import type { Transaction } from './replication/transaction.ts'
import type { ShapeService } from './shapes/shape-service.ts'
import type { ShapeStorage } from './storage/shape-storage.ts'

export interface RegistrySinkOptions {
  openStorage(): Promise<ShapeStorage>
  createService(storage: ShapeStorage): ShapeService
}

interface Opened {
  storage: ShapeStorage
  service: ShapeService
}

/** Brings the stream into the shapes, and remembers with them how far it has got. */
export class RegistrySink implements ReplicationSink {
  readonly #options: RegistrySinkOptions
  #opened: Opened | undefined

  constructor(options: RegistrySinkOptions) {
    this.#options = options
  }

  /** Undefined until the storage is open. */
  get service(): ShapeService | undefined {
    return this.#opened?.service
  }

  get identity(): StreamIdentity | undefined {
    return this.#open.storage.identity
  }

  /** A commit record that starts just behind the position is not in it. */
  get flushedUpTo(): Lsn {
    return this.#open.storage.position + 1n
  }

  get tables(): readonly number[] {
    return this.#open.service.registry.tables
  }

  async open(): Promise<void> {
    const storage = await this.#options.openStorage()
    this.#opened = { storage, service: this.#options.createService(storage) }
  }

  restore(): Promise<void> {
    return this.#open.service.restore()
  }

  apply(transaction: Transaction): void | Promise<void> {
    return this.#open.service.registry.apply(transaction)
  }

  advance(position: Lsn): void {
    this.#open.service.registry.advance(position)
  }

  interrupt(): void {
    this.#open.service.registry.interrupt()
  }

  async flush(): Promise<void> {
    await this.#open.service.registry.flush()
  }

  async startOver(): Promise<void> {
    await this.#open.service.registry.startOver()
  }

  async begin(identity: StreamIdentity, from: Lsn): Promise<void> {
    await this.#open.storage.adopt(identity, from - 1n)
    this.advance(from - 1n)
  }

  dropTable(oid: number): void {
    this.#open.service.registry.rotateTable(oid, 'unpublished')
  }

  /** Puts everything away; the stream must have ended. */
  async close(): Promise<void> {
    if (!this.#opened) return
    const { service, storage } = this.#opened
    service.close()
    // The stream has done so if it was there. What cannot be kept now is fetched again after the restart.
    await service.registry.flush().catch(() => {})
    await storage.close()
  }

  get #open(): Opened {
    if (!this.#opened) throw new Error('the storage is not open yet')
    return this.#opened
  }
}
