import type { Lsn } from '../replication/lsn.ts'
import { isVisible, type SnapshotVisibility } from './visibility.ts'

/** Where a snapshot stands in the stream. */
export interface SnapshotJoin {
  visibility: SnapshotVisibility
  /** End of the write-ahead log just after; what commits behind it cannot be seen. */
  walPosition: Lsn
}

/** Whether the snapshot sees a transaction. */
export function isSeen({ visibility, walPosition }: SnapshotJoin, { lsn, xid }: { lsn: Lsn; xid: number }): boolean {
  return lsn < walPosition && isVisible(visibility, xid)
}
