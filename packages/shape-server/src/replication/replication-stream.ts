import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { LogicalReplicationService } from 'pg-logical-replication'
import { formatLsn, type Lsn, parseLsn } from './lsn.ts'
import { decodePgoutput } from './pgoutput.ts'
import { SESSION_OPTIONS } from './session-settings.ts'
import { type Transaction, TransactionAssembler } from './transaction.ts'

export interface ReplicationStreamOptions {
  databaseUrl: string
  slotName: string
  publicationName: string
  /** Called for each committed transaction, in commit order. */
  onTransaction(transaction: Transaction): void
  /** Everything that committed at or before this position has been handed over. */
  onPosition(lsn: Lsn): void
  /** Called once when the stream ended for another reason than `close`. */
  onLost(error: Error): void
}

export interface ReplicationStream {
  /** Temporary: it ends with the stream. */
  slotName: string
  close(): Promise<void>
}

/** Opens a logical replication stream over a temporary slot, and resolves when it is streaming. */
export async function openReplicationStream(options: ReplicationStreamOptions): Promise<ReplicationStream> {
  const service = new LogicalReplicationService(
    { connectionString: options.databaseUrl, options: SESSION_OPTIONS, application_name: 'landfall-shape-server' },
    // Acknowledged here, once a transaction stands in the logs; the service would do it before.
    { acknowledge: { auto: false, timeoutSeconds: 0 } },
  )
  const assembler = new TransactionAssembler()
  const slotName = temporarySlotName(options.slotName)
  let isOver = false

  const acknowledge = (lsn: Lsn) => {
    // The service adds the one byte that the protocol wants.
    service.acknowledge(formatLsn(lsn - 1n)).catch(lose)
  }
  const lose = (error: unknown) => {
    if (isOver) return
    isOver = true
    service.destroy().catch(() => {})
    options.onLost(error instanceof Error ? error : new Error(String(error)))
  }

  service.on('error', lose)
  service.on('data', (_lsn: string, bytes: Buffer) => {
    if (isOver) return
    try {
      const transaction = assembler.feed(decodePgoutput(bytes))
      if (!transaction) return
      options.onTransaction(transaction)
      options.onPosition(transaction.lsn)
      acknowledge(transaction.endLsn)
    } catch (error) {
      lose(error)
    }
  })
  service.on('heartbeat', (text: string) => {
    if (isOver) return
    const lsn = parseLsn(text)
    // A commit record may start exactly where the stream has got to, and must come out later than this position.
    options.onPosition(lsn - 1n)
    // Also for writes to tables that are not published: their log is kept on disk until it is acknowledged.
    acknowledge(lsn)
  })

  const started = new Promise<void>((resolve) => service.on('start', () => resolve()))
  const ended = service.subscribe(new RawPgoutput(options.publicationName), slotName).then(
    () => new Error('the replication stream ended'),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
  const failure = await Promise.race([started, ended])
  if (failure) {
    isOver = true
    await service.destroy().catch(() => {})
    throw failure
  }
  ended.then(lose)

  return {
    slotName,
    async close() {
      isOver = true
      await service.destroy().catch(() => {})
    },
  }
}

/** Temporary slots end with their connection, but their names share one space in the whole cluster. */
const temporarySlotName = (prefix: string) => `${prefix}_${randomBytes(4).toString('hex')}`

/** Creates the temporary slot on the very connection that streams from it, and hands over undecoded messages. */
class RawPgoutput {
  readonly name = 'pgoutput'
  readonly options: { publicationName: string }

  constructor(publicationName: string) {
    this.options = { publicationName }
  }

  parse(bytes: Buffer): Buffer {
    return bytes
  }

  async start(client: Client, slotName: string): Promise<unknown> {
    const publication = this.options.publicationName.replaceAll('"', '""').replaceAll("'", "''")
    await client.query(`CREATE_REPLICATION_SLOT "${slotName}" TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`)
    return client.query(
      `START_REPLICATION SLOT "${slotName}" LOGICAL 0/0 (proto_version '1', publication_names '"${publication}"')`,
    )
  }
}
