import type { OperationQueue } from '../../reconcile/operation-queue.ts'
import { findOutcomes, type Outcome } from './find-outcome.ts'

export type Settled = Exclude<Outcome, { kind: 'waiting' }>

/** Resolves when none of the operations waits any more. Rejects with the signal's reason when it is aborted first. */
export function waitForOutcomes(
  queue: OperationQueue,
  opIds: readonly string[],
  signal?: AbortSignal,
): Promise<Settled[]> {
  return new Promise((resolve, reject) => {
    let isLooking = false
    let isStale = false
    const end = (finish: () => void) => {
      unsubscribe()
      signal?.removeEventListener('abort', abort)
      finish()
    }
    const abort = () => end(() => reject(signal?.reason))
    const look = async () => {
      isStale = true
      if (isLooking) return
      isLooking = true
      try {
        while (isStale) {
          isStale = false
          const outcomes = await findOutcomes(queue, opIds)
          if (outcomes.every(isSettled)) return end(() => resolve(outcomes))
        }
      } catch (error) {
        end(() => reject(error))
      } finally {
        isLooking = false
      }
    }
    const unsubscribe = queue.subscribe(() => void look())
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    else void look()
  })
}

function isSettled(outcome: Outcome): outcome is Settled {
  return outcome.kind !== 'waiting'
}
