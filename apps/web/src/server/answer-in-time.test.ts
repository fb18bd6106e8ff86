import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ANSWER_WITHIN_MS, answerInTime } from './answer-in-time.ts'

/** What the outbox waits for an answer. */
const DEVICE_GIVES_UP_MS = 30_000

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test('work that takes too long is answered before the device gives up, with the time to come again', async () => {
  const answer = expect(answerInTime(new Promise(() => {}))).rejects.toMatchObject({
    code: 'upstream_unavailable',
    retryAfterMs: 10_000,
  })
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS)
  await answer
  expect(ANSWER_WITHIN_MS).toBeLessThan(DEVICE_GIVES_UP_MS - 3_000)
})

test('work that fails when its time is up disturbs nobody', async () => {
  const work = new Promise((_, reject) => setTimeout(() => reject(new Error('too late')), ANSWER_WITHIN_MS + 1))
  const answer = expect(answerInTime(work)).rejects.toMatchObject({ code: 'upstream_unavailable' })
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS + 1)
  await answer
})

test('an answer in time leaves no timer behind', async () => {
  expect(await answerInTime(Promise.resolve('answer'))).toBe('answer')
  expect(vi.getTimerCount()).toBe(0)
})
