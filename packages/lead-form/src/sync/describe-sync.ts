import type { Locale } from '@landfall/contract'
import { phaseOf, type SyncPhase, type SyncState } from '@landfall/outbox'
import { messagesFor } from '../messages/messages.ts'
import type { LiveUpdates } from './live-updates.ts'
import { clockTime } from './readers-time.ts'

/** What the sync indicator shows. */
export interface SyncDescription {
  state: SyncPhase | 'reconnecting'
  text: string
  canSend: boolean
  /**
   * What a screen reader is told when it changes; null while it only passes. Whoever sends a form hears of it from the
   * form, and a time that ticks is nobody's news.
   */
  news: string | null
}

/**
 * @param letters dead letters that a person has to do something about
 * @param live how what comes from the server stands; undefined where nothing is followed. What a person sent comes first.
 */
export function describeSync(
  state: SyncState,
  locale: Locale,
  letters = state.dead,
  live?: LiveUpdates['status'],
): SyncDescription {
  const { sync, deliveryProblems } = messagesFor(locale)
  const { pending, problem, nextAttemptAtMs, quarantined } = state
  const phase = phaseOf({ ...state, dead: letters })
  switch (phase) {
    case 'offline': {
      const text = pending > 0 ? sync.offlinePending(pending) : sync.offline
      return { state: phase, text, canSend: false, news: sync.offline }
    }
    case 'syncing':
      return { state: phase, text: sync.syncing, canSend: false, news: null }
    case 'error': {
      if (!problem) {
        const text = sync.dead(letters + quarantined)
        return { state: phase, text, canSend: false, news: text }
      }
      const why = deliveryProblems[problem.kind]
      const at = nextAttemptAtMs === null ? null : clockTime(nextAttemptAtMs, locale)
      return { state: phase, text: sync.waiting(why, at), canSend: true, news: why }
    }
    case 'pending':
      return { state: phase, text: sync.pending(pending), canSend: true, news: null }
    case 'online':
      return describeLive(live ?? 'up-to-date', locale)
  }
}

function describeLive(live: LiveUpdates['status'], locale: Locale): SyncDescription {
  const { sync } = messagesFor(locale)
  const shown = (state: SyncDescription['state'], text: string) => ({ state, text, canSend: false, news: text })
  switch (live) {
    case 'up-to-date':
      return shown('online', sync.online)
    case 'connecting':
      return shown('reconnecting', sync.live.connecting)
    case 'reconnecting':
      return shown('reconnecting', sync.live.reconnecting)
    case 'offline':
      return shown('offline', sync.offline)
    case 'unauthorized':
      return shown('error', sync.live.refused)
    case 'failed':
      return shown('error', sync.live.failed)
  }
}
