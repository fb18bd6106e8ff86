import { nextDueMs } from './delivery/take-batch.ts'
import type { Entry } from './entry/entry.ts'
import type { DeliveryProblem, DeliveryRecord } from './store/meta.ts'

/** `persisted`: only a person deletes it. `best-effort`: the browser may. `unknown`: it does not say. */
export type StoragePersistence = 'persisted' | 'best-effort' | 'unknown'

/** What a sync indicator shows. */
export interface SyncState {
  isOnline: boolean
  /** Entries that wait for delivery. */
  pending: number
  /** Entries that a person must look at. */
  dead: number
  /** Records that cannot be read; a person exports or discards them. */
  quarantined: number
  /** Entries that this page saw waiting, and that went when the browser or a person deleted the storage under it. */
  lost: number
  isSyncing: boolean
  problem: DeliveryProblem | null
  /** When the next attempt is made by itself, in milliseconds since 1970; null when none is planned. */
  nextAttemptAtMs: number | null
  lastSyncedAtMs: number | null
  /** Whether the browser delivers what waits when no page is open (Background Sync). */
  canSendWithoutPage: boolean
  /** Whether the browser may delete this storage when the device runs full. */
  storage: StoragePersistence
}

export const INITIAL_SYNC_STATE: SyncState = {
  isOnline: true,
  pending: 0,
  dead: 0,
  quarantined: 0,
  lost: 0,
  isSyncing: false,
  problem: null,
  nextAttemptAtMs: null,
  lastSyncedAtMs: null,
  canSendWithoutPage: false,
  storage: 'unknown',
}

export type SyncPhase = 'offline' | 'syncing' | 'error' | 'pending' | 'online'

/** The state in one word. What needs a person comes before what merely waits: it may wait behind that. */
export function phaseOf(state: SyncState): SyncPhase {
  if (!state.isOnline) return 'offline'
  if (state.isSyncing) return 'syncing'
  if (state.problem || state.dead > 0 || state.quarantined > 0 || state.lost > 0) return 'error'
  return state.pending > 0 ? 'pending' : 'online'
}

export function summarise(
  entries: readonly Entry[],
  delivery: DeliveryRecord,
  isOnline: boolean,
): Omit<SyncState, 'canSendWithoutPage' | 'quarantined' | 'lost' | 'storage'> {
  const counts = { queued: 0, sending: 0, delivered: 0, dead: 0 }
  for (const { state } of entries) counts[state.kind] += 1
  const pending = counts.queued + counts.sending
  return {
    isOnline,
    pending,
    dead: counts.dead,
    isSyncing: counts.sending > 0,
    problem: pending > 0 ? delivery.problem : null,
    nextAttemptAtMs: pending > 0 && delivery.notBeforeMs > 0 ? delivery.notBeforeMs : null,
    lastSyncedAtMs: delivery.lastSyncedAtMs,
  }
}

/** When something may go out next, in milliseconds since 1970; null when nothing waits, or all of it for a person. */
export function nextAttemptMs(entries: readonly Entry[], delivery: DeliveryRecord): number | null {
  const dueMs = nextDueMs(entries.filter(({ state }) => state.kind !== 'delivered'))
  return dueMs === null ? null : Math.max(delivery.notBeforeMs, dueMs)
}
