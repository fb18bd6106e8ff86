import type { MergedKeysOf } from './fold-operations.ts'
import type { OperationQueue, QueueSnapshot } from './operation-queue.ts'
import { planTransfer } from './plan-transfer.ts'
import { applySnapshot } from './reconcile.ts'
import { type RefusedOperation, transfer } from './transfer.ts'
import { type ReconcileTarget, readWritten } from './written-operation.ts'

export interface ReconcileResult {
  /** Written operations that the queue did not take, and why. */
  refused: RefusedOperation[]
}

/** The database belongs to somebody else than the queue: nothing of it may go out under this name. */
export class WrongOwnerError extends Error {
  override name = 'WrongOwnerError'
  constructor(owner: string, found: string) {
    super(`The database of ${found} is not that of the queue ${owner}.`)
  }
}

/**
 * Brings a database and its outbox together, both ways: what was written goes into the outbox, and `sync_operations` says
 * what the outbox says. May be killed anywhere and repeated, also by two at once: each step is one transaction that looks
 * for itself. One at a time only saves work.
 *
 * @param owner the queue's name
 */
export async function reconcileWithQueue(
  target: ReconcileTarget,
  queue: OperationQueue,
  owner: string,
  mergedKeysOf: MergedKeysOf,
): Promise<ReconcileResult> {
  const { revision } = await readOwn(target, owner)
  const written = await readWritten(target)
  const opIds = written.map(({ opId }) => opId)
  let snapshot = await queue.readSnapshot(opIds)
  const known = knownTo(snapshot)
  const unknown = written.filter(({ opId }) => !known.has(opId))
  let refused: RefusedOperation[] = []
  // Another tab has done it all.
  if (written.length === 0 && revision === snapshot.revision) return { refused }
  if (unknown.length > 0) {
    refused = await transfer(queue, planTransfer(unknown, snapshot.entries, mergedKeysOf))
    snapshot = await queue.readSnapshot(opIds)
  }
  await applySnapshot(target, snapshot)
  return { refused }
}

const knownTo = ({ entries, superseded }: QueueSnapshot): Set<string> =>
  new Set([...entries, ...superseded].map(({ opId }) => opId))

/**
 * The revision of the outbox that the database is at, of a database that belongs to the queue. One that does not say
 * whose it is was made by this page, and is not used by anybody else.
 */
async function readOwn(target: ReconcileTarget, queue: string): Promise<{ revision: number | null }> {
  const { rows } = await target.query(
    'SELECT (SELECT owner FROM local_owner) AS owner, (SELECT revision FROM reconciled_revision) AS revision',
    [],
  )
  const [{ owner, revision } = { owner: null, revision: null }] = rows as {
    owner: string | null
    revision: number | null
  }[]
  if (owner !== null && owner !== queue) throw new WrongOwnerError(queue, owner)
  return { revision }
}
