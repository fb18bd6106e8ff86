import { describe, expect, test } from 'vitest'
import { relativeTime } from './relative-time.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const ago = (ms: number, locale = 'en') => relativeTime(now - ms, now, locale)

describe('relative time', () => {
  test.each([
    [0, 'now'],
    [9_999, 'now'],
    [59_000, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [3 * 3_600_000, '3 hours ago'],
    [86_400_000, 'yesterday'],
    [21 * 86_400_000, '3 weeks ago'],
    [400 * 86_400_000, 'last year'],
  ])('%d ms back reads %j', (ms, text) => {
    expect(ago(ms)).toBe(text)
  })

  test('looks ahead when a clock does', () => {
    expect(ago(-120_000)).toBe('in 2 minutes')
  })

  test('speaks Arabic', () => {
    expect(ago(2 * 60_000, 'ar')).toBe('قبل دقيقتين')
  })
})
