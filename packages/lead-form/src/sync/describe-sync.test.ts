import { INITIAL_SYNC_STATE, type SyncState } from '@landfall/outbox'
import { describe, expect, test } from 'vitest'
import { describeSync } from './describe-sync.ts'

const shown = (state: Partial<SyncState>, locale: 'en' | 'ar' = 'en') =>
  describeSync({ ...INITIAL_SYNC_STATE, ...state }, locale)
const problem = { kind: 'server', status: 503, message: 'Not now' } as const

describe('the sync status', () => {
  test.each<[Partial<SyncState>, string, string]>([
    [{}, 'online', 'Online'],
    [{ isOnline: false }, 'offline', 'Offline'],
    [{ isOnline: false, pending: 2 }, 'offline', 'Offline · 2 waiting'],
    [{ pending: 1, isSyncing: true }, 'syncing', 'Sending…'],
    [{ pending: 3 }, 'pending', '3 waiting to be sent'],
    [{ dead: 1 }, 'error', '1 message needs a look'],
    [{ dead: 1, quarantined: 2 }, 'error', '3 messages need a look'],
  ])('of %j is %s: %s', (state, kind, text) => {
    expect(shown(state)).toMatchObject({ state: kind, text })
  })

  test('says why it waits, until when, and lets a person go at once', () => {
    const result = shown({ pending: 1, problem, nextAttemptAtMs: Date.UTC(2026, 0, 1, 12) })
    expect(result).toMatchObject({ state: 'error', canSend: true })
    expect(result.text).toMatch(/cannot take it just now\. Next try at .*\d/)
  })

  test('is no error because of a letter that asks nothing of anybody', () => {
    expect(describeSync({ ...INITIAL_SYNC_STATE, dead: 1 }, 'en', 0)).toMatchObject({ state: 'online' })
  })

  test('is news when the network goes, and none while something passes or a clock ticks', () => {
    expect(shown({ isOnline: false, pending: 1 }).news).toBe(shown({ isOnline: false, pending: 2 }).news)
    expect(shown({ pending: 1, isSyncing: true }).news).toBeNull()
    expect(shown({ pending: 1 }).news).toBeNull()
    const waiting = (atMs: number) => shown({ pending: 1, problem, nextAttemptAtMs: atMs }).news
    expect(waiting(1_000)).toBe(waiting(60_000))
  })

  test.each([
    [undefined, 'online', 'Online'],
    ['up-to-date', 'online', 'Online'],
    ['connecting', 'reconnecting', 'Connecting…'],
    ['reconnecting', 'reconnecting', 'Reconnecting…'],
    ['offline', 'offline', 'Offline'],
    ['unauthorized', 'error', 'No live updates'],
    ['failed', 'error', 'Live updates failed. Trying again…'],
  ] as const)('of a page whose news are %s is %s: %s, and a screen reader hears it', (live, state, text) => {
    expect(describeSync(INITIAL_SYNC_STATE, 'en', 0, live)).toEqual({ state, text, canSend: false, news: text })
    expect(describeSync(INITIAL_SYNC_STATE, 'ar', 0, live).text).not.toMatch(/[a-z]/i)
  })

  test('says what waits to be sent before it says that no news come', () => {
    const waiting = { ...INITIAL_SYNC_STATE, pending: 1, problem }
    expect(describeSync(waiting, 'en', 0, 'reconnecting')).toEqual(describeSync(waiting, 'en', 0, 'up-to-date'))
    expect(describeSync({ ...waiting, isOnline: false }, 'en', 0, 'failed').state).toBe('offline')
  })

  test('counts in Arabic as Arabic does', () => {
    expect(shown({ pending: 1 }, 'ar').text).toBe('رسالة واحدة بانتظار الإرسال')
    expect(shown({ pending: 2 }, 'ar').text).toBe('رسالتان بانتظار الإرسال')
    expect(shown({ pending: 5 }, 'ar').text).toBe('5 رسائل بانتظار الإرسال')
  })
})
