import type { Transaction } from '@electric-sql/pglite'
import type { SnapshotVisibility } from './shape-messages.ts'

/** How many of the newest ids of a shape stay. A write waits for its own minutes at most, not for thousands of others. */
const IDS_KEPT = 10_000

/** Notes which transactions' changes came with the rows of this transaction. */
export async function noteSeenTxids(tx: Transaction, shape: string, txids: ReadonlySet<number>): Promise<void> {
  if (txids.size === 0) return
  await tx.query(
    'INSERT INTO seen_txids (shape, txid) SELECT $1, unnest($2::bigint[]) ON CONFLICT (shape, txid) DO NOTHING',
    [shape, [...txids]],
  )
}

/** Notes which transactions the snapshot saw that the table was filled from. */
export async function noteSnapshot(tx: Transaction, shape: string, seen: SnapshotVisibility): Promise<void> {
  await tx.query('DELETE FROM seen_txids WHERE shape = $1', [shape])
  await tx.query(
    `INSERT INTO seen_snapshots (shape, snapshot_xmin, snapshot_xmax, snapshot_xip) VALUES ($1, $2, $3, $4::bigint[])
     ON CONFLICT (shape) DO UPDATE SET snapshot_xmin = excluded.snapshot_xmin,
       snapshot_xmax = excluded.snapshot_xmax, snapshot_xip = excluded.snapshot_xip`,
    [shape, seen.xmin, seen.xmax, seen.xip],
  )
}

/** Drops old ids, but for those that an operation here still waits for. */
export async function pruneSeenTxids(tx: Transaction, shape: string): Promise<void> {
  await tx.query(
    `DELETE FROM seen_txids AS seen
     WHERE shape = $1
       AND txid < (SELECT txid FROM seen_txids WHERE shape = $1 ORDER BY txid DESC OFFSET ${IDS_KEPT} LIMIT 1)
       AND NOT EXISTS (SELECT FROM sync_operations AS operation WHERE operation.txid = seen.txid)`,
    [shape],
  )
}
