import { describe, expect, it } from 'vitest'
import { restartDelayMs } from './restart-delay.ts'

describe('restartDelayMs', () => {
  it('doubles its ceiling with every failure, up to five minutes', () => {
    expect([1, 2, 3, 9, 50].map((failures) => restartDelayMs(failures, () => 1))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000,
    ])
  })

  it('spreads devices over the whole of it', () => {
    expect(restartDelayMs(3, () => 0)).toBe(0)
    expect(restartDelayMs(3, () => 0.5)).toBe(2_000)
  })
})
