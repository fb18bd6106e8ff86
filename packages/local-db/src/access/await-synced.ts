import type { LiveChannels } from './live/live-channels.ts'
import { LiveQuery } from './live/live-query.ts'
import { startDeadline } from './write/deadline.ts'
import { SyncTimeoutError } from './write/write-errors.ts'

export interface AwaitSyncedOptions {
  /** In milliseconds; 10 s unless given. */
  timeoutMs?: number
  signal?: AbortSignal
}

const SYNCED_WITHIN_MS = 10_000
const HIGHEST_TXID = 2n ** 63n - 1n

/**
 * Resolves when the shape has brought what this transaction of the server changed: its number was seen, or the shape's table
 * was filled from a snapshot that held it.
 *
 * @throws RangeError for what is no number of a transaction
 * @throws SyncTimeoutError after `timeoutMs`; the reason of `signal` when that ends it first
 */
export async function awaitSynced(
  channels: LiveChannels,
  shape: string,
  txid: number | bigint | string,
  { timeoutMs = SYNCED_WITHIN_MS, signal }: AwaitSyncedOptions = {},
): Promise<void> {
  const number = toTxid(txid)
  const deadline = startDeadline(timeoutMs, signal)
  const live = new LiveQuery<{ is_seen: boolean }>(channels, {
    // A live query is told of the tables that stand in it, not of those in its functions.
    sql: `SELECT is_txid_seen('${shapeName(shape)}', ${number}) AS is_seen,
      (SELECT count(*) FROM seen_txids), (SELECT count(*) AS snapshots FROM seen_snapshots)`,
    options: {},
    mapRows: (rows) => rows as { is_seen: boolean }[],
  })
  const seen = Promise.withResolvers<void>()
  const stop = live.subscribe(() => {
    const { rows, error } = live.getState()
    if (error) seen.reject(error)
    else if (rows?.[0]?.is_seen) seen.resolve()
  })
  try {
    await Promise.race([seen.promise, deadline.reached])
  } catch (error) {
    const isLate = deadline.signal.aborted && error === deadline.signal.reason && !signal?.aborted
    throw isLate ? new SyncTimeoutError(shape, number, timeoutMs) : error
  } finally {
    deadline.clear()
    stop()
  }
}

function toTxid(txid: number | bigint | string): bigint {
  const text = String(txid)
  const number = /^\d{1,19}$/.test(text) ? BigInt(text) : 0n
  if (number < 1n || number > HIGHEST_TXID) throw new RangeError(`"${text}" is no number of a transaction.`)
  return number
}

function shapeName(shape: string): string {
  if (!/^[a-z_]{1,63}$/.test(shape)) throw new RangeError(`"${shape}" is no name of a shape.`)
  return shape
}
