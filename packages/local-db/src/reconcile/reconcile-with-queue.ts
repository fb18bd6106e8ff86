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
  await refuseOtherOwner(target, owner)
  const written = await readWritten(target)
  const opIds = written.map(({ opId }) => opId)
  let snapshot = await queue.readSnapshot(opIds)
  const known = knownTo(snapshot)
  const unknown = written.filter(({ opId }) => !known.has(opId))
  let refused: RefusedOperation[] = []
  if (unknown.length > 0) {
    refused = await transfer(queue, planTransfer(unknown, snapshot.entries, mergedKeysOf))
    snapshot = await queue.readSnapshot(opIds)
  }
  await applySnapshot(target, snapshot)
  return { refused }
}

const knownTo = ({ entries, superseded }: QueueSnapshot): Set<string> =>
  new Set([...entries, ...superseded].map(({ opId }) => opId))

/** A database that does not say whose it is was made by this page, and is not used by anybody else. */
async function refuseOtherOwner(target: ReconcileTarget, owner: string): Promise<void> {
  const { rows } = await target.query('SELECT owner FROM local_owner WHERE owner <> $1', [owner])
  const [other] = rows as { owner: string }[]
  if (other) throw new WrongOwnerError(owner, other.owner)
}
