import type { OperationQueue, RewriteCounts } from '../../reconcile/operation-queue.ts'
import { RESETS } from '../migrations/resets.ts'
import type { RewriteSpec } from './migration.ts'
import { rewriteOperation } from './rewrite-operation.ts'

/** Brings what waits in the queue and was never sent into the form of this build. For every opening: it may be repeated. */
export async function rewriteQueue(
  queue: Pick<OperationQueue, 'rewriteUnsent'>,
  resets: readonly RewriteSpec[] = RESETS,
): Promise<RewriteCounts> {
  if (resets.length === 0) return { rewritten: 0, outdated: 0 }
  return queue.rewriteUnsent((write) => rewriteOperation(write, resets))
}
