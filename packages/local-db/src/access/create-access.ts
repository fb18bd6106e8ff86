import type { FollowedShape } from '@landfall/contract'
import type { AccessHost } from './access-host.ts'
import { type AwaitSyncedOptions, awaitSynced } from './await-synced.ts'
import { ConnectionKeeper } from './connection-keeper.ts'
import type { LiveWindow } from './live/live-channel.ts'
import { LiveChannels } from './live/live-channels.ts'
import { liveDefinition, liveStatement, type RowOf, type Selecting } from './live/live-definition.ts'
import { LiveQuery } from './live/live-query.ts'
import { type ReadDatabase, readDatabase, type WriteTransaction } from './session/local-drizzle.ts'
import type { WriteOptions, WriteResult } from './write/write-options.ts'
import { Writer } from './write/writer.ts'

/** How a page reads and writes the views. */
export interface Access {
  /** Drizzle, for reading. */
  readonly drizzle: ReadDatabase
  /**
   * Runs `work` in one transaction and puts what it wrote into the outbox: the only way to write. The transaction keeps all
   * other tabs waiting, so nothing but its own statements may be awaited in it. `work` runs again when its worker ended
   * before the commit.
   *
   * @throws LocalQueryError when Postgres refuses a statement; its `code` is the SQLSTATE
   * @throws NotSavedError when the outbox can't keep it · TransactionTimeoutError · NotWrittenError; nothing is written then
   * @throws OfflineError · WriteRejectedError · NotConfirmedError · WriteTakenBackError for a confirmed write
   */
  write<T>(work: (tx: WriteTransaction) => Promise<T>, options?: WriteOptions): Promise<WriteResult<T>>
  /** Resolves when the shape has brought the server's transaction `txid`; see `Confirmation`. */
  awaitSynced(shape: FollowedShape, txid: number | bigint | string, options?: AwaitSyncedOptions): Promise<void>
  /** Rows of a select, kept current for as long as somebody listens. */
  live<Query extends Selecting>(query: Query, window?: LiveWindow): LiveQuery<RowOf<Query>>
  /** Rows of a statement in SQL, kept current likewise. */
  liveRows<Row>(sql: string, params?: unknown[]): LiveQuery<Row>
}

export function createAccess(host: AccessHost): Access {
  const keeper = new ConnectionKeeper(host)
  const channels = new LiveChannels(host)
  const writer = new Writer(host, keeper)
  return {
    drizzle: readDatabase(keeper),
    write: (work, options) => writer.write(work, options),
    awaitSynced: (shape, txid, options) => awaitSynced(channels, shape, txid, options),
    live: (query, window) => new LiveQuery(channels, liveDefinition(query), window),
    liveRows: (sql, params) => new LiveQuery(channels, liveStatement(sql, params)),
  }
}
