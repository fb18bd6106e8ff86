import type { Lsn } from '../replication/lsn.ts'
import type { Transaction } from '../replication/transaction.ts'
import type { ShapeDefinition } from './definition.ts'
import { RecentTransactions } from './recent-transactions.ts'
import { type RotationReason, Shape } from './shape.ts'
import type { Snapshot } from './snapshot.ts'
import type { SnapshotVisibility } from './visibility.ts'

export interface ShapeRegistryOptions {
  /** Publishes the table and reads its rows. */
  snapshot(definition: ShapeDefinition, isAcceptable: (visibility: SnapshotVisibility) => boolean): Promise<Snapshot>
  onRotated?(shape: Shape, reason: RotationReason): void
  onSnapshotFailed?(shape: Shape, error: unknown): void
}

export interface RegisteredShape {
  shape: Shape
  /** Settles when the snapshot is complete; rejects when it failed. */
  ready: Promise<void>
}

/** All living shapes: one for each definition, fed with the transactions that concern its table. */
export class ShapeRegistry {
  readonly #options: ShapeRegistryOptions
  readonly #byDefinition = new Map<string, RegisteredShape>()
  readonly #byTable = new Map<number, Set<Shape>>()
  readonly #recent = new RecentTransactions()
  #position: Lsn = 0n

  constructor(options: ShapeRegistryOptions) {
    this.#options = options
  }

  /** Every transaction up to here, of whatever table, stands in the logs. */
  get position(): Lsn {
    return this.#position
  }

  get tables(): number[] {
    return [...this.#byTable.keys()]
  }

  find(definitionId: string): RegisteredShape | undefined {
    return this.#byDefinition.get(definitionId)
  }

  findByHandle(handle: string): Shape | undefined {
    for (const { shape } of this.#byDefinition.values()) if (shape.handle === handle) return shape
    return undefined
  }

  findOrCreate(definition: ShapeDefinition): RegisteredShape {
    return this.#byDefinition.get(definition.id) ?? this.#create(definition)
  }

  /** Must be called for each transaction, in commit order. */
  apply(transaction: Transaction): void {
    this.#recent.add(transaction.xid)
    for (const oid of new Set(transaction.changes.map(({ relation }) => relation.oid))) {
      for (const shape of [...(this.#byTable.get(oid) ?? [])]) shape.apply(transaction)
    }
  }

  advance(position: Lsn): void {
    if (position > this.#position) this.#position = position
  }

  rotateTable(oid: number, reason: RotationReason): void {
    for (const shape of [...(this.#byTable.get(oid) ?? [])]) shape.rotate(reason)
  }

  /** For a stream that was lost: another may be of a database that was restored, with lower positions. */
  startOver(): void {
    for (const { shape } of [...this.#byDefinition.values()]) shape.rotate('stream-lost')
    this.#position = 0n
  }

  #create(definition: ShapeDefinition): RegisteredShape {
    const shape = new Shape(definition, (rotated, reason) => {
      this.#remove(rotated)
      this.#options.onRotated?.(rotated, reason)
    })
    const siblings = this.#byTable.get(definition.table.oid) ?? new Set()
    this.#byTable.set(definition.table.oid, siblings.add(shape))
    // Asked before the snapshot: what is handed over from now on is held back by the shape itself.
    const isAcceptable = this.#recent.seenBy()
    const ready = this.#options.snapshot(definition, isAcceptable).then(
      (snapshot) => shape.join(snapshot),
      (error: unknown) => {
        this.#remove(shape)
        this.#options.onSnapshotFailed?.(shape, error)
        throw error
      },
    )
    // Somebody may have created the shape without waiting for it.
    ready.catch(() => {})
    const registered = { shape, ready }
    this.#byDefinition.set(definition.id, registered)
    return registered
  }

  #remove(shape: Shape): void {
    const { id, table } = shape.definition
    if (this.#byDefinition.get(id)?.shape === shape) this.#byDefinition.delete(id)
    const siblings = this.#byTable.get(table.oid)
    siblings?.delete(shape)
    if (siblings?.size === 0) this.#byTable.delete(table.oid)
  }
}
