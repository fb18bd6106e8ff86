import { isVisible, type SnapshotVisibility } from './visibility.ts'

const CAPACITY = 4_096

/**
 * The transactions that the stream has handed over lately. A new shape never gets them, so its snapshot must see them.
 * It usually does; but a commit is in the stream a moment before other sessions see it, and longer when it waits for a
 * synchronous standby.
 */
export class RecentTransactions {
  #xids: number[] = []
  /** How many were there before the first of them. */
  #dropped = 0

  add(xid: number): void {
    this.#xids.push(xid)
    if (this.#xids.length >= 2 * CAPACITY) this.#drop(this.#xids.length - CAPACITY)
  }

  /** A test for snapshots taken from now on: whether they see everything handed over until now. */
  seenBy(): (visibility: SnapshotVisibility) => boolean {
    const xids = [...this.#xids]
    const end = this.#dropped + xids.length
    return (visibility) => {
      if (!xids.every((xid) => isVisible(visibility, xid))) return false
      // What one snapshot sees every later one sees, too.
      this.#drop(end - this.#dropped)
      return true
    }
  }

  /** For another cluster, or an earlier state of this one, whose snapshots know none of them. */
  clear(): void {
    this.#drop(this.#xids.length)
  }

  #drop(count: number): void {
    if (count <= 0) return
    this.#xids = this.#xids.slice(count)
    this.#dropped += count
  }
}
