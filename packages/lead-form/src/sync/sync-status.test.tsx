import { INITIAL_SYNC_STATE, type SyncState } from '@landfall/outbox'
import { expect, describe as suite, test } from 'vitest'
import { messagesFor } from '../messages/messages.ts'
import { describe } from './sync-status.tsx'

const shown = (state: Partial<SyncState>, locale: 'en' | 'ar' = 'en') =>
  describe({ ...INITIAL_SYNC_STATE, ...state }, messagesFor(locale), locale)

suite('the sync status', () => {
  test.each<[Partial<SyncState>, string, string]>([
    [{}, 'online', 'Online'],
    [{ isOnline: false }, 'offline', 'Offline'],
    [{ isOnline: false, pending: 2 }, 'offline', 'Offline · 2 waiting'],
    [{ pending: 1, isSyncing: true }, 'syncing', 'Sending…'],
    [{ pending: 3 }, 'pending', '3 waiting to be sent'],
    [{ dead: 1 }, 'error', '1 message needs a look'],
  ])('of %j is %s: %s', (state, kind, text) => {
    expect(shown(state)).toMatchObject({ state: kind, text })
  })

  test('says why it waits, until when, and lets a person go at once', () => {
    const problem = { kind: 'server', status: 503, message: 'Not now' } as const
    const result = shown({ pending: 1, problem, nextAttemptAtMs: Date.UTC(2026, 0, 1, 12) })
    expect(result).toMatchObject({ state: 'error', canSend: true })
    expect(result.text).toMatch(/cannot take it just now\. Next try at .*\d/)
  })

  test('counts in Arabic as Arabic does', () => {
    expect(shown({ pending: 1 }, 'ar').text).toBe('رسالة واحدة بانتظار الإرسال')
    expect(shown({ pending: 2 }, 'ar').text).toBe('رسالتان بانتظار الإرسال')
    expect(shown({ pending: 5 }, 'ar').text).toBe('5 رسائل بانتظار الإرسال')
  })
})
