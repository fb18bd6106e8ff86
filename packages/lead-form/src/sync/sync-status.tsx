'use client'

import type { Locale } from '@landfall/contract'
import type { SyncState } from '@landfall/outbox'
import { type Messages, messagesFor } from '../messages/messages.ts'
import { useOutbox } from './outbox-provider.tsx'
import { useSyncState } from './use-sync-state.ts'

type Shown = { state: 'online' | 'offline' | 'syncing' | 'pending' | 'error'; text: string; canSend: boolean }

/** One line on how the device stands: online or offline, what waits, what is wrong, and "send now". */
export function SyncStatus({ locale }: { locale: Locale }) {
  const messages = messagesFor(locale)
  const outbox = useOutbox()
  const shown = describe(useSyncState(), messages, locale)
  return (
    <div className="sync" data-state={shown.state} role="status">
      <span className="sync-dot" aria-hidden="true" />
      <span className="sync-text">{shown.text}</span>
      {shown.canSend ? (
        <button className="sync-action" type="button" onClick={() => void outbox?.flush({ urgency: 'now' })}>
          {messages.sync.sendNow}
        </button>
      ) : null}
    </div>
  )
}

export function describe(state: SyncState, messages: Messages, locale: Locale): Shown {
  const { sync } = messages
  if (!state.isOnline) {
    return {
      state: 'offline',
      text: state.pending > 0 ? sync.offlinePending(state.pending) : sync.offline,
      canSend: false,
    }
  }
  if (state.isSyncing) return { state: 'syncing', text: sync.syncing, canSend: false }
  if (state.problem) {
    const at = state.nextAttemptAtMs
    const time = at === null ? null : new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(at)
    return { state: 'error', text: sync.waiting(messages.deliveryProblems[state.problem.kind], time), canSend: true }
  }
  if (state.pending > 0) return { state: 'pending', text: sync.pending(state.pending), canSend: true }
  if (state.dead > 0) return { state: 'error', text: sync.dead(state.dead), canSend: false }
  return { state: 'online', text: sync.online, canSend: false }
}
