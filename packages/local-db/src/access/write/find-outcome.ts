import type { QueueEntryView, RejectionReason } from '@landfall/contract'
import type { OperationQueue, QueueSnapshot } from '../../reconcile/operation-queue.ts'
import type { Confirmation } from './write-options.ts'

/** How an operation ended, or that it has not. */
export type Outcome =
  | { kind: 'waiting' }
  | { kind: 'applied'; confirmation: Confirmation }
  | { kind: 'rejected'; opId: string; reason: RejectionReason }
  | { kind: 'taken-back'; opId: string }

/** What the queue knows of these operations, or of those that took their place. */
export async function findOutcomes(queue: OperationQueue, opIds: readonly string[]): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>()
  const standsFor = new Map(opIds.map((opId) => [opId, [opId]]))
  while (standsFor.size > 0) {
    const snapshot = await queue.readSnapshot([...standsFor.keys()])
    for (const [current, originals] of [...standsFor]) {
      standsFor.delete(current)
      const successor = snapshot.superseded.find(({ opId }) => opId === current)
      if (successor?.by) {
        standsFor.set(successor.by, [...(standsFor.get(successor.by) ?? []), ...originals])
        continue
      }
      for (const opId of originals) outcomes.set(opId, outcomeOf(snapshot, current, opId, successor !== undefined))
    }
  }
  return opIds.map((opId) => outcomes.get(opId) ?? { kind: 'waiting' })
}

function outcomeOf(snapshot: QueueSnapshot, current: string, opId: string, isTakenBack: boolean): Outcome {
  if (isTakenBack) return { kind: 'taken-back', opId }
  const entry = snapshot.entries.find((candidate) => candidate.opId === current)
  // Delivered, and so long ago that the queue has let go of it.
  if (!entry) return { kind: 'applied', confirmation: { opId, txid: null, version: null, conflict: null } }
  return outcomeOfEntry(entry, opId)
}

function outcomeOfEntry(entry: QueueEntryView, opId: string): Outcome {
  switch (entry.state) {
    case 'queued':
    case 'sending':
      return { kind: 'waiting' }
    case 'delivered': {
      const { txid, version, conflict } = entry
      return { kind: 'applied', confirmation: { opId, txid, version, conflict } }
    }
    case 'dead':
      return { kind: 'rejected', opId: entry.opId, reason: entry.reason ?? 'malformed' }
  }
}
