'use client'

import type { QueueEntryView, RejectionReason } from '@landfall/contract'
import { useEntries } from '../sync/use-sync-state.ts'

/** Refusals that only tell how things stand: there is nothing to correct, and nothing that anybody wrote is lost. */
const MERE_ANSWERS: ReadonlySet<RejectionReason> = new Set(['already_read', 'withdrawn'])

/** Whether a refused operation is an answer to be read, rather than a letter to be dealt with. */
export const isMereAnswer = ({ action, reason }: Pick<QueueEntryView, 'action' | 'reason'>): boolean =>
  action !== 'insert' && reason !== null && MERE_ANSWERS.has(reason)

/** Dead letters that a person has to do something about, the oldest first; live. */
export function useLetters(): readonly QueueEntryView[] {
  return useEntries().filter((entry) => entry.state === 'dead' && !isMereAnswer(entry))
}
