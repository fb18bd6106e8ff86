import type { OperationQueue } from './operation-queue.ts'
import type { ReconcileTarget } from './written-operation.ts'

/**
 * Takes back written operations; the views are as before. An operation that the outbox has is the outbox' own.
 *
 * @returns false, and nothing changed, when the outbox has one of them
 */
export async function giveUpWritten(
  target: ReconcileTarget,
  queue: OperationQueue,
  opIds: readonly string[],
): Promise<boolean> {
  const { entries, superseded } = await queue.readSnapshot(opIds)
  const standing = superseded.filter(({ by }) => by !== null)
  const held = new Set([...entries, ...standing].map(({ opId }) => opId))
  if (opIds.some((opId) => held.has(opId))) return false
  // Where another tab puts them in at this moment after all, reconciling brings them back: then they are in the outbox.
  await target.query(`DELETE FROM sync_operations WHERE state = 'written' AND op_id = ANY ($1::uuid[])`, [[...opIds]])
  return true
}
