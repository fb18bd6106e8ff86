import { expect, test } from 'vitest'
import { inTurns } from './trials.ts'

test('everybody runs once a round, one after the other, and each round begins with another', async () => {
  const order: string[] = []
  let isRunning = false
  const found = await inTurns(['a', 'b', 'c'] as const, 4, async (name) => {
    expect(isRunning).toBe(false)
    isRunning = true
    await Promise.resolve()
    isRunning = false
    order.push(name)
    return order.length
  })
  expect(order.join('')).toBe('abcbcacababc')
  expect(found).toEqual({ a: [1, 6, 8, 10], b: [2, 4, 9, 11], c: [3, 5, 7, 12] })
})

test('a round of the warm-up runs first, and nobody counts it', async () => {
  let runs = 0
  const found = await inTurns(['a', 'b'] as const, 1, async () => ++runs, 1)
  expect(runs).toBe(4)
  expect(found).toEqual({ a: [3], b: [4] })
})
