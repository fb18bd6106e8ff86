'use client'

import type { QueueEntryView } from '@landfall/contract'
import { INITIAL_SYNC_STATE, type SyncState } from '@landfall/outbox'
import { useSyncExternalStore } from 'react'
import { useOutbox } from './outbox-provider.tsx'

const subscribeToNothing = () => () => {}
const NO_ENTRIES: readonly QueueEntryView[] = []

/** Online or not, how much waits, what is wrong; live. */
export function useSyncState(): SyncState {
  const outbox = useOutbox()
  return useSyncExternalStore(
    outbox?.subscribe ?? subscribeToNothing,
    outbox?.getState ?? (() => INITIAL_SYNC_STATE),
    () => INITIAL_SYNC_STATE,
  )
}

/** Entries of the queue, the oldest first; live. */
export function useEntries(): readonly QueueEntryView[] {
  const outbox = useOutbox()
  return useSyncExternalStore(
    outbox?.subscribe ?? subscribeToNothing,
    outbox?.getEntries ?? (() => NO_ENTRIES),
    () => NO_ENTRIES,
  )
}
