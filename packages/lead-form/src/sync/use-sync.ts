'use client'

import { OutboxUnavailableError, type SyncEngine, type SyncState } from '@landfall/outbox'
import { useMemo } from 'react'
import { useOutbox } from './outbox-provider.tsx'
import { useSyncState } from './use-sync-state.ts'

/** How the device stands, live, and what an application does with its queue. */
export interface Sync extends Pick<SyncEngine, 'enqueue' | 'flush' | 'start' | 'stop'> {
  state: SyncState
}

type Calls = Omit<Sync, 'state'>

/** The sync engine of the nearest `OutboxProvider`, which starts it. The functions stay the same from render to render. */
export function useSync(): Sync {
  const engine = useOutbox()
  const state = useSyncState()
  const calls = useMemo(() => (engine ? callsOf(engine) : NOT_THERE_YET), [engine])
  return useMemo(() => ({ state, ...calls }), [state, calls])
}

export function callsOf(engine: SyncEngine): Calls {
  return {
    enqueue: (...writes) => engine.enqueue(...writes),
    flush: (options) => engine.flush(options),
    start: () => engine.start(),
    stop: () => engine.stop(),
  }
}

/** Before the browser has taken over from the server's HTML, and outside a provider, nothing can be kept. */
const NOT_THERE_YET: Calls = {
  enqueue: async () => {
    throw new OutboxUnavailableError('failed', 'there is no OutboxProvider, or it has not mounted yet')
  },
  flush: async () => undefined,
  start: async () => {},
  stop: () => {},
}
