import type { OperationQueue } from '../../reconcile/operation-queue.ts'
import type { AccessReconciler } from '../access-host.ts'
import { startDeadline } from './deadline.ts'
import { findOutcomes } from './find-outcome.ts'
import { type Settled, waitForOutcomes } from './wait-for-outcomes.ts'
import { NotConfirmedError, WriteRejectedError, WriteTakenBackError } from './write-errors.ts'
import type { Confirmation } from './write-options.ts'

/** Waits for the server's word on an optimistic write, for as long as it takes. What is refused stays a dead letter. */
export async function watchWrite(queue: OperationQueue, opIds: readonly string[]): Promise<Confirmation[]> {
  return confirmationsOf(queue, await waitForOutcomes(queue, opIds))
}

export interface ConfirmRequest {
  opIds: readonly string[]
  timeoutMs: number
  signal: AbortSignal | undefined
}

/**
 * Waits for the server's word on a confirmed write. Its operations are one group: all applied or none.
 *
 *   applied ──► confirmations
 *   refused ──► the dead letters go, the view is as before ──► WriteRejectedError
 *   time-out, abort ──► never sent: taken back, the view is as before ──► NotConfirmedError
 *                  └──► sent: stays on its way, and in the view ────────► NotConfirmedError, `isOnItsWay`
 */
export async function confirmWrite(
  queue: OperationQueue,
  reconciler: AccessReconciler,
  { opIds, timeoutMs, signal }: ConfirmRequest,
): Promise<Confirmation[]> {
  const deadline = startDeadline(timeoutMs, signal)
  try {
    return await settle(queue, reconciler, await waitForOutcomes(queue, opIds, deadline.signal))
  } catch (error) {
    if (!deadline.signal.aborted || error !== deadline.signal.reason) throw error
    if (await queue.withdrawUnsent(opIds)) {
      await reconciler.reconcileNow()
      throw new NotConfirmedError(false, error)
    }
    return await settleIfAnswered(queue, reconciler, opIds, error)
  } finally {
    deadline.clear()
  }
}

/** The answer may have come in the moment in which the wait ended. */
async function settleIfAnswered(
  queue: OperationQueue,
  reconciler: AccessReconciler,
  opIds: readonly string[],
  cause: unknown,
): Promise<Confirmation[]> {
  const outcomes = await findOutcomes(queue, opIds)
  if (outcomes.some(({ kind }) => kind === 'waiting')) throw new NotConfirmedError(true, cause)
  return settle(queue, reconciler, outcomes as Settled[])
}

async function settle(
  queue: OperationQueue,
  reconciler: AccessReconciler,
  outcomes: readonly Settled[],
): Promise<Confirmation[]> {
  try {
    return await confirmationsOf(queue, outcomes)
  } catch (error) {
    if (error instanceof WriteRejectedError) {
      // Its caller is told, so nobody need be told by a dead letter.
      for (const outcome of outcomes) if (outcome.kind === 'rejected') await queue.discard(outcome.opId)
      await reconciler.reconcileNow()
    }
    throw error
  }
}

async function confirmationsOf(queue: OperationQueue, outcomes: readonly Settled[]): Promise<Confirmation[]> {
  const rejected = outcomes.filter((outcome) => outcome.kind === 'rejected')
  // Of a group one was refused for itself, and the rest because of it.
  const first = rejected.find(({ reason }) => reason !== 'group_failed') ?? rejected[0]
  if (first) throw new WriteRejectedError(first.opId, first.reason, await queue.problemsOf(first.opId))
  return outcomes.map(confirmationOf)
}

function confirmationOf(outcome: Settled): Confirmation {
  switch (outcome.kind) {
    case 'applied':
      return outcome.confirmation
    case 'taken-back':
    case 'rejected':
      throw new WriteTakenBackError(outcome.opId)
  }
}
