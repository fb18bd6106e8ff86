import { describe, expect, test } from 'vitest'
import { readRetryAfterMs, retryDelayMs } from './retry-delay.ts'

describe('the delay before a next try', () => {
  test('doubles its ceiling with every failure, from one second to a minute', () => {
    expect([0, 1, 2, 3, 6, 7, 50, 2_000].map((failures) => retryDelayMs(failures, { random: () => 1 }))).toEqual([
      1_000, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ])
  })

  test('spreads devices over the whole of it', () => {
    expect(retryDelayMs(3, { random: () => 0 })).toBe(0)
    expect(retryDelayMs(3, { random: () => 0.5 })).toBe(2_000)
  })

  test('is never shorter than what the server asked for, and spreads devices behind it', () => {
    expect(retryDelayMs(1, { random: () => 0, retryAfterMs: 7_000 })).toBe(7_000)
    expect(retryDelayMs(7, { random: () => 1, retryAfterMs: 7_000 })).toBe(67_000)
  })
})

test.each([
  ['5', 5_000],
  [' 5 ', 5_000],
  ['0', 0],
  ['Thu, 01 Jan 1970 00:00:09 GMT', 8_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['999999999', 3_600_000],
  ['soon', 0],
  ['-5', 0],
  [undefined, 0],
])('Retry-After %j is %d ms', (value, delayMs) => {
  const headers = new Headers(value === undefined ? {} : { 'retry-after': value })
  expect(readRetryAfterMs(headers, 1_000)).toBe(delayMs)
})
