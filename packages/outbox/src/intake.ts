import type { QueueEntryView } from '@landfall/contract'
import { whileNobodyDrains, withDrainLock } from './coordination/drain-lock.ts'
import { newEntry, refuseLarge, refuseLargeGroups } from './entry/new-entry.ts'
import type { OperationWrite, Rewrite, RewriteCounts } from './entry/operation-write.ts'
import type { SupersededOperation } from './entry/superseded.ts'
import { showsContent, toView } from './entry/view.ts'
import type { EntryStore } from './store/entry-store.ts'

/** The queue as of one revision. */
export interface IntakeSnapshot {
  revision: number
  /** In the order of writing. */
  entries: QueueEntryView[]
  /** Those of the operations asked about that left the queue otherwise than by delivery. */
  superseded: SupersededOperation[]
}

export interface Replacement {
  /** Operations that the queue holds, and that no request ever carried. */
  remove: readonly string[]
  /** Takes the place in the order of the first that is removed. */
  add: readonly OperationWrite[]
  /** Operations that the queue never held, and that are dealt with by this. */
  superseded?: readonly SupersededOperation[]
}

/** Taking back is worth waiting for a drain that is about to end, not for one in a slow request. */
const WITHDRAW_WAIT_MS = 1_000
const CONSISTENT_READS = 5

/** The way in for writes that a local database has already made: by their own ids, as often as it likes. */
export class Intake {
  readonly #queue: string
  readonly #store: EntryStore
  readonly #now: () => number

  constructor(queue: string, store: EntryStore, now: () => number) {
    this.#queue = queue
    this.#store = store
    this.#now = now
  }

  async readSnapshot(about: readonly string[] = []): Promise<IntakeSnapshot> {
    const { revision, entries } = await this.#readConsistent()
    // Read after the entries, so that none can be in neither.
    const superseded = await this.#store.superseded(about)
    return { revision, entries, superseded }
  }

  async put(writes: readonly OperationWrite[], superseded: readonly SupersededOperation[] = []): Promise<void> {
    if (writes.length === 0 && superseded.length === 0) return
    refuseLargeGroups(writes)
    await this.#store.add(this.#unsaved(writes), superseded)
  }

  async replaceUnsent({ remove, add, superseded = [] }: Replacement): Promise<boolean> {
    refuseLargeGroups(add)
    const replacement = { remove, add: this.#unsaved(add), superseded }
    return (await whileNobodyDrains(this.#queue, 0, () => this.#store.replaceUnsent(replacement))) ?? false
  }

  async withdrawUnsent(opIds: readonly string[]): Promise<boolean> {
    if (opIds.length === 0) return true
    const work = () => this.#store.replaceUnsent({ remove: opIds, add: [], superseded: [] })
    return (await whileNobodyDrains(this.#queue, WITHDRAW_WAIT_MS, work)) ?? false
  }

  rewriteUnsent(rewrite: (write: OperationWrite) => Rewrite): Promise<RewriteCounts> {
    return withDrainLock(this.#queue, () => this.#store.rewriteUnsent(rewrite))
  }

  #unsaved(writes: readonly OperationWrite[]) {
    const entries = writes.map((write) => newEntry(write, this.#now()))
    refuseLarge(entries)
    return entries
  }

  /** What is shown of an entry lies apart from it: both are read again when the queue changed between. */
  async #readConsistent(): Promise<Pick<IntakeSnapshot, 'revision' | 'entries'>> {
    for (let reads = 1; ; reads += 1) {
      const { revision, entries = [] } = await this.#store.snapshot()
      const shown = await this.#store.shown(entries.filter(showsContent).map(({ opId }) => opId))
      const isStill = (await this.#store.snapshot(revision)).entries === undefined
      if (isStill || reads === CONSISTENT_READS) {
        return { revision, entries: entries.map((entry) => toView(entry, shown.get(entry.opId))) }
      }
    }
  }
}
