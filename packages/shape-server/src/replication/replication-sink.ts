import type { Lsn } from './lsn.ts'
import type { Transaction } from './transaction.ts'

/** Which stream of changes a store was filled from. Positions of different streams cannot be compared. */
export interface StreamIdentity {
  /** Of the cluster, as `IDENTIFY_SYSTEM` gives it. */
  systemIdentifier: string
  databaseOid: number
  slotName: string
  /** Counts the failovers and restores of the cluster. */
  timeline: number
}

/** What takes over the changes, and remembers how far it has got. */
export interface ReplicationSink {
  /** Undefined while there is nothing to go on from. Known after `open`. */
  readonly identity: StreamIdentity | undefined
  /** Everything that commits before this position is durable. Known after `open`. */
  readonly flushedUpTo: Lsn
  /** Called once, when the database is there and nobody else streams from the slot. Fails when it cannot be used. */
  open(): Promise<void>
  /** Called at most once, before the first change: what was kept is good, and the stream goes on behind it. */
  restore(): Promise<void>
  /**
   * Called for each transaction, or each part of one, in commit order. Nothing more comes until the promise is settled.
   */
  apply(transaction: Transaction): void | Promise<void>
  /** Everything that committed at or before this position has been handed over. */
  advance(position: Lsn): void
  /** The stream was lost. A transaction of which only parts have come comes again from its beginning, or never. */
  interrupt(): void
  /** Makes everything that was handed over until now durable, and with it that `upTo` was reached. */
  flush(upTo: Lsn): Promise<void>
  /** The stream cannot go on where it was: what is kept is of no use any more. */
  startOver(reason: string): Promise<void>
  /** What comes from now on belongs to this stream, from this position on. Durable when it resolves. */
  begin(identity: StreamIdentity, from: Lsn): Promise<void>
  /** The tables whose changes it needs. */
  readonly tables: readonly number[]
  /** Changes of this table may have been missed. */
  dropTable(oid: number): void
}
