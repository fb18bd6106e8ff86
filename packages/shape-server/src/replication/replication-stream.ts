import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Client } from 'pg'
import { Acknowledger } from './acknowledger.ts'
import type { Lsn } from './lsn.ts'
import { decodePgoutput } from './pgoutput.ts'
import type { ReplicationSink } from './replication-sink.ts'
import { SilenceWatch } from './silence-watch.ts'
import { type Transaction, TransactionAssembler } from './transaction.ts'
import { WalStream } from './wal-stream.ts'

export interface ReplicationStreamOptions {
  /** A connection of its own, opened with `replication: 'database'`; ended with the stream. */
  client: Client
  slotName: string
  publicationName: string
  /** What committed before has been handed over already. */
  from: Lsn
  sink: ReplicationSink
  flushIntervalMs: number
  /** When nothing is heard from Postgres for so long, the connection counts as lost. */
  longestSilenceMs: number
  /** Called for each position that was reached. */
  onReached(upTo: Lsn): void
  onFlushFailed(error: unknown): void
  /** Called once when the stream ended for another reason than `close`; nothing is handed over any more. */
  onLost(error: Error): void
}

export interface ReplicationStream {
  /** Ends it; what was handed over is made durable and acknowledged first. */
  close(): Promise<void>
}

/** Other work gets its turn at least this often while there is much to take over. */
const LONGEST_TURN_MS = 10
const CLOSE_TIMEOUT_MS = 1_000

/** Begins to stream, and resolves when Postgres has agreed. */
export async function openReplicationStream(options: ReplicationStreamOptions): Promise<ReplicationStream> {
  const { client, sink } = options
  const wal = new WalStream(client, options)
  await wal.start()
  const acknowledger = new Acknowledger({
    from: options.from,
    intervalMs: options.flushIntervalMs,
    flush: (upTo) => sink.flush(upTo),
    send: (status, wantsReply) => wal.sendStatus(status, wantsReply),
    onFailed: options.onFlushFailed,
  })
  const silence = new SilenceWatch({
    longestMs: options.longestSilenceMs,
    ask: () => acknowledger.ask(),
    onSilent: (error) => wal.abort(error),
  })
  let isClosing = false
  const finished = takeOver({ wal, acknowledger, silence, ...options, isOver: () => isClosing }).then(
    () => new Error('the replication stream ended'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
  finished.then(async (error) => {
    silence.stop()
    if (isClosing) return
    acknowledger.stop()
    await client.end().catch(() => {})
    options.onLost(error)
  })
  return {
    async close() {
      isClosing = true
      await acknowledger.finish()
      await wal.end(CLOSE_TIMEOUT_MS)
      await client.end().catch(() => {})
      await finished
    },
  }
}

interface TakeOver extends Pick<ReplicationStreamOptions, 'sink' | 'onReached'> {
  wal: WalStream
  acknowledger: Acknowledger
  silence: SilenceWatch
  isOver(): boolean
}

/** Hands everything over in order, one after the other; the stream waits as long as the sink does. */
async function takeOver({ wal, acknowledger, silence, sink, onReached, isOver }: TakeOver): Promise<void> {
  const assembler = new TransactionAssembler()
  const reach = (upTo: Lsn) => {
    // The next commit record may start exactly where the stream has got to, and must come out later than this position.
    sink.advance(upTo - 1n)
    acknowledger.handedOver(upTo)
    onReached(upTo)
  }
  const hand = async (transaction: Transaction) => {
    await sink.apply(transaction)
    acknowledger.count(transaction.changes.length)
    if (transaction.isComplete) reach(transaction.endLsn)
  }
  let turnStart = performance.now()
  for await (const frame of wal.frames()) {
    silence.pause()
    // What still arrives while the conversation ends comes again the next time.
    if (isOver()) continue
    if (frame.kind === 'data') {
      const transaction = assembler.feed(decodePgoutput(frame.bytes))
      if (transaction) await hand(transaction)
    } else {
      // It moves on with writes to tables that are not published, too: until they are acknowledged, the disk of Postgres
      // keeps their log. Within a transaction it says nothing that is not known from its beginning.
      if (!assembler.isOpen) reach(frame.lsn)
      if (frame.wantsReply) acknowledger.reply()
    }
    if (performance.now() - turnStart > LONGEST_TURN_MS) {
      await nextTurn()
      turnStart = performance.now()
    }
    silence.resume()
  }
}
