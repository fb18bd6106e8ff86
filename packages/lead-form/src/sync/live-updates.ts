'use client'

import { useEffect, useState } from 'react'

/** How what comes from the server stands, where a page follows it. */
export interface LiveUpdates {
  status: 'connecting' | 'up-to-date' | 'reconnecting' | 'offline' | 'unauthorized' | 'failed'
  /** When this device last had everything, in milliseconds since 1970; null when that is not known. */
  syncedAtMs: number | null
}

/** A connection that is back within this was never away, to whoever looks on. */
const SHOWN_AFTER_MS = 3_000

/** What may pass before anybody needs to know. What a person has to do something about is shown at once. */
const IS_PASSING: Record<LiveUpdates['status'], boolean> = {
  connecting: true,
  reconnecting: true,
  offline: true,
  failed: true,
  'up-to-date': false,
  unauthorized: false,
}

/** The status without its flicker. Undefined while nothing is followed, and until there is something to show. */
export function useSettledStatus(live: LiveUpdates | undefined): LiveUpdates['status'] | undefined {
  const [settled, setSettled] = useState<LiveUpdates['status']>()
  const status = live?.status
  useEffect(() => {
    if (status === undefined || !IS_PASSING[status]) {
      setSettled(status)
      return
    }
    const timer = setTimeout(() => setSettled(status), SHOWN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [status])
  return settled
}

/** Last success of either way, unless the way in is interrupted: then its own, since that is what a page shows. */
export function lastSyncedMs(sentAtMs: number | null, live: LiveUpdates | undefined): number | null {
  const receivedAtMs = live?.syncedAtMs ?? null
  if (receivedAtMs === null) return sentAtMs
  return live?.status === 'up-to-date' ? Math.max(receivedAtMs, sentAtMs ?? 0) : receivedAtMs
}
