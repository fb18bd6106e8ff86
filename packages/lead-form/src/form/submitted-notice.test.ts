import { INITIAL_SYNC_STATE, type SyncState } from '@landfall/outbox'
import { describe, expect, test } from 'vitest'
import { messagesFor } from '../messages/messages.ts'
import { savedText } from './submitted-notice.tsx'

const { saved } = messagesFor('en')

describe('what is said of a saved lead', () => {
  test.each<[string, Partial<SyncState>, string, string]>([
    ['offline', { isOnline: false, canSendWithoutPage: true }, saved.offline, saved.mayClose],
    ['online', { canSendWithoutPage: true, storage: 'best-effort' }, saved.online, saved.mayClose],
    [
      'after a try that failed',
      { problem: { kind: 'server', status: 503, message: '' }, storage: 'persisted' },
      saved.waiting,
      saved.keptHere,
    ],
    ['where the browser may clear it', { storage: 'best-effort' }, saved.online, saved.keepOpen],
    ['where the browser does not say', { storage: 'unknown' }, saved.online, saved.keepOpen],
  ])('%s', (_, state, stands, promise) => {
    expect(savedText({ ...INITIAL_SYNC_STATE, ...state }, { saved })).toBe(`${stands} ${promise}`)
  })

  test.each(['en', 'ar'] as const)('is true in a private window, which nobody can tell from another (%s)', (locale) => {
    const { mayClose, keptHere, keepOpen } = messagesFor(locale).saved
    for (const promise of [mayClose, keptHere, keepOpen]) expect(promise).toMatch(/private window|نافذة خاصة/)
  })
})
