import type { ConflictValues, FieldProblems, QueueEntryView, RejectionReason } from '@landfall/contract'
import type {
  OperationQueue,
  OperationWrite,
  QueueSnapshot,
  RewriteCounts,
  SupersededOperation,
} from '../reconcile/operation-queue.ts'

/** An outbox in memory whose server is the test: nothing is answered until it says so. */
export class FakeQueue implements OperationQueue {
  readonly entries: QueueEntryView[] = []
  readonly flushed: string[] = []
  /** What storing fails with, when set. */
  failure: Error | undefined
  readonly #superseded: SupersededOperation[] = []
  readonly #problems = new Map<string, FieldProblems>()
  readonly #listeners = new Set<() => void>()
  #revision = 0

  async readSnapshot(about: readonly string[] = []): Promise<QueueSnapshot> {
    const superseded = this.#superseded.filter(({ opId }) => about.includes(opId))
    return { revision: this.#revision, entries: structuredClone(this.entries), superseded }
  }

  async put(writes: readonly OperationWrite[], superseded: readonly SupersededOperation[] = []): Promise<void> {
    if (this.failure) throw this.failure
    this.#superseded.push(...superseded)
    for (const write of writes) {
      if (this.entries.some(({ opId }) => opId === write.opId)) continue
      this.entries.push(entryOf(write))
    }
    this.#changed()
  }

  async replaceUnsent(): Promise<boolean> {
    return false
  }

  async withdrawUnsent(opIds: readonly string[]): Promise<boolean> {
    const entries = opIds.map((opId) => this.#find(opId))
    if (entries.some(({ state, attempts }) => state !== 'queued' || attempts > 0)) return false
    for (const opId of opIds) this.#remove(opId, null)
    return true
  }

  async rewriteUnsent(): Promise<RewriteCounts> {
    return { rewritten: 0, outdated: 0 }
  }

  async discard(opId: string): Promise<void> {
    this.#remove(opId, null)
  }

  async problemsOf(opId: string): Promise<FieldProblems> {
    return this.#problems.get(opId) ?? {}
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async flush({ urgency = 'when-due' }: { urgency?: string } = {}): Promise<void> {
    this.flushed.push(urgency)
  }

  /** A request carries it from now on. */
  send(opId: string): void {
    Object.assign(this.#find(opId), { state: 'sending', attempts: 1 })
    this.#changed()
  }

  apply(opId: string, effect: { txid: number; version: number; conflict?: ConflictValues }): void {
    Object.assign(this.#find(opId), { state: 'delivered', deliveredAt: new Date().toISOString(), ...effect })
    this.#changed()
  }

  reject(opId: string, reason: RejectionReason, problems: FieldProblems = {}): void {
    this.#problems.set(opId, problems)
    Object.assign(this.#find(opId), { state: 'dead', reason })
    this.#changed()
  }

  /** Another write took its place, or nothing did. */
  supersede(opId: string, by: string | null): void {
    this.#remove(opId, by)
  }

  #find(opId: string): QueueEntryView {
    const entry = this.entries.find((candidate) => candidate.opId === opId)
    if (!entry) throw new Error(`the queue holds no ${opId}`)
    return entry
  }

  #remove(opId: string, by: string | null): void {
    this.entries.splice(this.entries.indexOf(this.#find(opId)), 1)
    this.#superseded.push({ opId, by })
    this.#changed()
  }

  #changed(): void {
    this.#revision++
    for (const listener of [...this.#listeners]) listener()
  }
}

function entryOf({ opId, groupId, entity, entityId, action, label, changes, capturedAt, baseVersion }: OperationWrite) {
  return {
    opId,
    groupId: groupId ?? null,
    entity,
    entityId,
    action,
    state: 'queued',
    label,
    changes: changes ?? null,
    baseVersion: baseVersion ?? null,
    capturedAt,
    attempts: 0,
    nextAttemptAt: null,
    deliveredAt: null,
    txid: null,
    version: null,
    conflict: null,
    reason: null,
  } satisfies QueueEntryView
}
