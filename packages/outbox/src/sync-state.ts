import type { Entry } from './entry/entry.ts'
import type { DeliveryProblem, DeliveryRecord } from './store/entry-store.ts'

/** What a sync indicator shows. */
export interface SyncState {
  isOnline: boolean
  /** Entries that wait for delivery. */
  pending: number
  /** Entries that a person must look at. */
  dead: number
  isSyncing: boolean
  problem: DeliveryProblem | null
  /** When the next attempt is made by itself, in milliseconds since 1970; null when none is planned. */
  nextAttemptAtMs: number | null
  lastSyncedAtMs: number | null
  /** Whether the browser delivers what waits when no page is open (Background Sync). */
  canSendWithoutPage: boolean
}

export const INITIAL_SYNC_STATE: SyncState = {
  isOnline: true,
  pending: 0,
  dead: 0,
  isSyncing: false,
  problem: null,
  nextAttemptAtMs: null,
  lastSyncedAtMs: null,
  canSendWithoutPage: false,
}

export function summarise(
  entries: readonly Entry[],
  delivery: DeliveryRecord,
  isOnline: boolean,
): Omit<SyncState, 'canSendWithoutPage'> {
  const kinds = entries.map((entry) => entry.state.kind)
  const pending = kinds.filter((kind) => kind === 'queued' || kind === 'sending').length
  return {
    isOnline,
    pending,
    dead: kinds.filter((kind) => kind === 'dead').length,
    isSyncing: kinds.includes('sending'),
    problem: pending > 0 ? delivery.problem : null,
    nextAttemptAtMs: pending > 0 && delivery.notBeforeMs > 0 ? delivery.notBeforeMs : null,
    lastSyncedAtMs: delivery.lastSyncedAtMs,
  }
}

/** When something may go out next, in milliseconds since 1970; null when nothing waits. */
export function nextAttemptMs(entries: readonly Entry[], delivery: DeliveryRecord): number | null {
  const waiting = entries.flatMap(({ state }) => (state.kind === 'queued' ? [state.notBeforeMs] : []))
  return waiting.length === 0 ? null : Math.max(delivery.notBeforeMs, Math.min(...waiting))
}
