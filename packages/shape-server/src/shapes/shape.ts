import { randomInt } from 'node:crypto'
import type { Transaction } from '../replication/transaction.ts'
import type { ShapeDefinition } from './definition.ts'
import { logEntries } from './log-entries.ts'
import type { LogOffset } from './offset.ts'
import { hasDrifted } from './relation-drift.ts'
import { ShapeLog } from './shape-log.ts'
import type { Snapshot } from './snapshot.ts'
import { isVisible } from './visibility.ts'

/**
 *   joining ──join──▶ following ──rotate──▶ rotated
 *      └────────────────rotate────────────────▲
 *
 * While its snapshot is read a shape holds back the transactions that arrive; then it knows which of them the snapshot
 * has seen. A rotated shape stays as it is: whoever still waits for it is sent to its successor.
 */
type ShapeState =
  | { kind: 'joining'; held: Transaction[] }
  | { kind: 'following'; join: Pick<Snapshot, 'visibility' | 'walPosition'> }
  | { kind: 'rotated' }

/** Why a shape's log cannot go on. */
export type RotationReason = 'truncated' | 'altered' | 'old-row-missing' | 'dropped' | 'deleted' | 'stream-lost'

/** One incarnation of a shape: its handle, its log, and whoever waits for it to grow. */
export class Shape {
  readonly handle = createHandle()
  readonly definition: ShapeDefinition
  readonly log = new ShapeLog()
  #state: ShapeState = { kind: 'joining', held: [] }
  readonly #waiting = new Set<() => void>()
  readonly #onRotated: (shape: Shape, reason: RotationReason) => void

  constructor(definition: ShapeDefinition, onRotated: (shape: Shape, reason: RotationReason) => void) {
    this.definition = definition
    this.#onRotated = onRotated
  }

  get isRotated(): boolean {
    return this.#state.kind === 'rotated'
  }

  /** Takes the snapshot as the beginning of the log, and what was held back and not seen by it as the rest. */
  join({ chunks, ...join }: Snapshot): void {
    if (this.#state.kind !== 'joining') return
    const { held } = this.#state
    this.log.setSnapshot(chunks)
    this.#state = { kind: 'following', join }
    for (const transaction of held) this.apply(transaction)
  }

  /** Called for every committed transaction that touches the table, in commit order. */
  apply(transaction: Transaction): void {
    switch (this.#state.kind) {
      case 'joining':
        this.#state.held.push(transaction)
        return
      case 'following': {
        // Also after joining: the stream may lag behind the snapshot for long.
        const { visibility, walPosition } = this.#state.join
        if (transaction.lsn < walPosition && isVisible(visibility, transaction.xid)) return
        const reason = this.#reasonToRotate(transaction)
        if (reason) this.rotate(reason)
        else this.#append(transaction)
        return
      }
      case 'rotated':
        return
    }
  }

  rotate(reason: RotationReason): void {
    if (this.#state.kind === 'rotated') return
    this.#state = { kind: 'rotated' }
    this.#onRotated(this, reason)
    this.#wake()
  }

  /** Resolves at once when there is something behind the offset, else with the next change, rotation or abort. */
  waitForChange(offset: LogOffset, signal: AbortSignal): Promise<void> {
    if (this.isRotated || signal.aborted || this.log.hasChangesAfter(offset)) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = () => {
        this.#waiting.delete(finish)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      this.#waiting.add(finish)
      signal.addEventListener('abort', finish)
    })
  }

  #append(transaction: Transaction): void {
    const entries = logEntries(this.definition, transaction)
    if (entries.length === 0) return
    this.log.append(entries)
    this.#wake()
  }

  #wake(): void {
    for (const finish of [...this.#waiting]) finish()
  }

  #reasonToRotate({ changes }: Transaction): RotationReason | undefined {
    for (const change of changes) {
      if (change.relation.oid !== this.definition.table.oid) continue
      if (change.kind === 'truncate') return 'truncated'
      if (hasDrifted(this.definition, change.relation)) return 'altered'
      if (change.kind !== 'insert' && !change.old) return 'old-row-missing'
    }
    return undefined
  }
}

/** Never the same twice, also over restarts: clients remember the handles that have expired. */
const createHandle = () => `${randomInt(10_000_000, 100_000_000)}-${Date.now()}${randomInt(100, 1_000)}`
