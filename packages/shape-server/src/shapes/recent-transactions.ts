import { isVisible, type SnapshotVisibility } from './visibility.ts'

const CAPACITY = 4_096

/**
 * The transactions that the stream has handed over lately. A new shape never gets them, so its snapshot must see them.
 * It usually does; but a commit is in the stream a moment before other sessions see it, and longer when it waits for a
 * synchronous standby.
 */
export class RecentTransactions {
  #xids: number[] = []

  add(xid: number): void {
    this.#xids.push(xid)
    if (this.#xids.length >= 2 * CAPACITY) this.#xids = this.#xids.slice(-CAPACITY)
  }

  /** For a cluster that was set back: it gives the same ids to other transactions. */
  clear(): void {
    this.#xids = []
  }

  /** A test for snapshots taken from now on: whether they see everything handed over until now. */
  seenBy(): (visibility: SnapshotVisibility) => boolean {
    const xids = [...this.#xids]
    return (visibility) => xids.every((xid) => isVisible(visibility, xid))
  }
}
