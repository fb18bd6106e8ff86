import type { Lsn } from '../replication/lsn.ts'
import type { ReplicationSink, StreamIdentity } from '../replication/replication-sink.ts'
import type { Transaction } from '../replication/transaction.ts'

/** Keeps what it is given; may be handed from one stream to the next, as a folder outlives its server. */
export class RecordingSink implements ReplicationSink {
  identity: StreamIdentity | undefined
  flushedUpTo: Lsn = 0n
  position: Lsn = 0n
  tables: number[] = []
  readonly parts: Transaction[] = []
  readonly startedOver: string[] = []
  readonly droppedTables: number[] = []
  interruptions = 0
  /** Takes the place of taking over at once. */
  onApply: (transaction: Transaction) => void | Promise<void> = () => {}
  onFlush: () => Promise<void> = async () => {}

  async open(): Promise<void> {}

  async restore(): Promise<void> {}

  async apply(transaction: Transaction): Promise<void> {
    await this.onApply(transaction)
    this.parts.push(transaction)
  }

  advance(position: Lsn): void {
    if (position > this.position) this.position = position
  }

  interrupt(): void {
    this.interruptions += 1
    while (this.parts.length > 0 && !this.parts.at(-1)?.isComplete) this.parts.pop()
  }

  async flush(upTo: Lsn): Promise<void> {
    await this.onFlush()
    this.flushedUpTo = upTo
  }

  async startOver(reason: string): Promise<void> {
    this.startedOver.push(reason)
    this.identity = undefined
    this.parts.length = 0
  }

  async begin(identity: StreamIdentity, from: Lsn): Promise<void> {
    this.identity = identity
    this.flushedUpTo = from
  }

  dropTable(oid: number): void {
    this.droppedTables.push(oid)
  }

  /** Every value of this column that was inserted, in order. */
  inserted(column: string): (string | null | undefined)[] {
    return this.parts.flatMap(({ changes }) =>
      changes.flatMap((change) => (change.kind === 'insert' ? [change.row[column]] : [])),
    )
  }
}
