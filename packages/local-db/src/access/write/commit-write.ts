import type { OperationQueue } from '../../reconcile/operation-queue.ts'
import { WRITABLE_ENTITIES } from '../../schema/generated/entities.ts'
import type { StatementTarget } from '../connection.ts'
import type { ConnectionKeeper } from '../connection-keeper.ts'
import { ConnectionLostError, LocalQueryError } from '../query-errors.ts'
import { runDrizzleTransaction, type WriteTransaction } from '../session/local-drizzle.ts'
import { NotWrittenError, TransactionTimeoutError } from './write-errors.ts'
import type { WriteMode, WrittenOperation } from './write-options.ts'

/** How often a write is begun whose worker ends before the commit. */
const ATTEMPTS = 3

export interface CommittedWrite<T> {
  value: T
  mode: WriteMode
  operations: WrittenOperation[]
}

export interface CommitRequest<T> {
  work: (tx: WriteTransaction) => Promise<T>
  transactionId: string
  mode: WriteMode | undefined
  label: string | undefined
  /** See `WriteOptions`. */
  seenVersion: number | undefined
  signal: AbortSignal | undefined
  /** How long the work may keep everybody else waiting. */
  limitMs: number
  /** Throws what keeps the write from being committed. */
  assertAllowed: (mode: WriteMode) => void
}

/**
 * Runs the work in one transaction. When its worker ends meanwhile, looks whether the transaction was committed, and runs
 * the work again if it was not.
 *
 * @throws UnflushedWriteError when it stands in memory only
 * @throws NotWrittenError · TransactionTimeoutError · LocalQueryError · whatever the work throws; nothing is written then
 */
export async function commitWrite<T>(
  keeper: ConnectionKeeper,
  queue: OperationQueue,
  request: CommitRequest<T>,
): Promise<CommittedWrite<T>> {
  for (let attempt = 1; ; attempt++) {
    let reached: CommittedWrite<T> | undefined
    try {
      return await keeper.run((connection, assertAlive) =>
        runDrizzleTransaction(connection, assertAlive, async (tx, target) => {
          await name(target, request)
          const value = await within(request, request.work(tx))
          reached = await finish(target, request, value)
          return reached
        }),
      )
    } catch (error) {
      if (reached && isUnflushed(error)) throw new UnflushedWriteError(reached, error)
      if (!(error instanceof ConnectionLostError)) throw error
      if (reached && (await isCommitted(keeper, queue, request.transactionId, reached.operations))) return reached
      if (attempt === ATTEMPTS) throw new NotWrittenError(attempt, { cause: error })
    }
  }
}

/**
 * The engine committed it and could not put it on disk: it stands in memory until its worker ends. Whoever catches this
 * takes it back.
 */
export class UnflushedWriteError extends Error {
  override name = 'UnflushedWriteError'
  readonly operations: readonly WrittenOperation[]
  constructor(write: CommittedWrite<unknown>, cause: unknown) {
    super('The write was committed in memory and is not on disk.', { cause })
    this.operations = write.operations
  }
}

/** Postgres itself has a code for whatever keeps it from committing. */
function isUnflushed(error: unknown): boolean {
  return error instanceof LocalQueryError && error.sql === 'COMMIT' && error.code === null
}

/** The triggers of the views take these from here; all tabs share the session, so they end with the transaction. */
async function name(
  target: StatementTarget,
  { transactionId, label, seenVersion }: CommitRequest<unknown>,
): Promise<void> {
  await target.query(
    `SELECT set_config('landfall.transaction_id', $1, true), set_config('landfall.label', $2, true),
      set_config('landfall.seen_version', $3, true)`,
    [transactionId, label ?? '', seenVersion?.toString() ?? ''],
  )
}

async function finish<T>(
  target: StatementTarget,
  { transactionId, mode: given, assertAllowed }: CommitRequest<T>,
  value: T,
): Promise<CommittedWrite<T>> {
  const { rows: operations } = await target.query<WrittenOperation>(
    `SELECT op_id AS "opId", entity, entity_id AS "entityId", action
     FROM sync_operations WHERE transaction_id = $1 ORDER BY place`,
    [transactionId],
  )
  const mode = given ?? defaultMode(operations)
  if (operations.length === 0) return { value, mode, operations }
  assertAllowed(mode)
  await target.query('INSERT INTO local_transactions (transaction_id) VALUES ($1)', [transactionId])
  if (mode === 'confirmed') {
    // What stands in a group is never folded, so that taking this write back takes back no other.
    await target.query('UPDATE sync_operations SET group_id = transaction_id WHERE transaction_id = $1', [
      transactionId,
    ])
  }
  return { value, mode, operations }
}

function defaultMode(operations: readonly WrittenOperation[]): WriteMode {
  const modes: Record<string, { defaultMode: WriteMode }> = WRITABLE_ENTITIES
  return operations.some(({ entity }) => modes[entity]?.defaultMode === 'confirmed') ? 'confirmed' : 'optimistic'
}

/** The outbox is asked as well: the database may have been made anew meanwhile. */
async function isCommitted(
  keeper: ConnectionKeeper,
  queue: OperationQueue,
  transactionId: string,
  operations: readonly WrittenOperation[],
): Promise<boolean> {
  const { rows } = await keeper.read((connection) =>
    connection.query('SELECT FROM local_transactions WHERE transaction_id = $1', [transactionId]),
  )
  if (rows.length > 0) return true
  const opIds = operations.map(({ opId }) => opId)
  const { entries, superseded } = await queue.readSnapshot(opIds)
  return [...entries, ...superseded].some(({ opId }) => opIds.includes(opId))
}

async function within<T>({ limitMs, signal }: CommitRequest<T>, work: Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>()
  const timer = setTimeout(() => ended.reject(new TransactionTimeoutError(limitMs)), limitMs)
  const abort = () => ended.reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  if (signal?.aborted) abort()
  try {
    return await Promise.race([work, ended.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
