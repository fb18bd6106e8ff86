import { describe, expect, test } from 'vitest'
import { clockTime, timeAgo } from './readers-time.ts'

describe("a reader's times", () => {
  const afternoon = new Date(2026, 0, 1, 17, 5, 9).getTime()

  test.each([
    [['en-GB'], '17:05:09'],
    [['de-DE', 'en-US'], '5:05:09 PM'],
  ])('a clock as somebody who reads %j has it', (preferred, text) => {
    expect(clockTime(afternoon, 'en', preferred).replaceAll('\u202f', ' ')).toBe(text)
  })

  test.each([
    [0, 'en', 'now'],
    [59_999, 'en', 'now'],
    [60_000, 'en', '1 minute ago'],
    [2 * 3_600_000, 'en', '2 hours ago'],
    [86_400_000, 'en', 'yesterday'],
    [-5_000, 'en', 'now'],
    [2 * 60_000, 'ar', 'قبل دقيقتين'],
  ])('%d ms back in %s is %s', (passedMs, language, text) => {
    expect(timeAgo(afternoon - passedMs, afternoon, language)).toBe(text)
  })
})
