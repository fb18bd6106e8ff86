import { expect, test, vi } from 'vitest'
import { Waits } from './waits.ts'

const client = () => new AbortController()

test('a wait ends with its time', () => {
  vi.useFakeTimers()
  const waits = new Waits()
  const wait = waits.start(client().signal, 20_000)
  vi.advanceTimersByTime(19_999)
  expect(wait.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect([wait.signal.aborted, waits.count]).toEqual([true, 0])
  vi.useRealTimers()
})

test('a wait ends with its client, even one that was gone before', () => {
  const waits = new Waits()
  const here = client()
  const wait = waits.start(here.signal)
  here.abort()
  expect([wait.signal.aborted, waits.start(here.signal, 9).signal.aborted, waits.count]).toEqual([true, true, 0])
})

test('nothing is left of a wait that has ended', () => {
  vi.useFakeTimers()
  const waits = new Waits()
  const wait = waits.start(client().signal, 20_000)
  wait.end()
  expect([waits.count, vi.getTimerCount(), wait.signal.aborted]).toEqual([0, 0, false])
  vi.useRealTimers()
})

test('stopping ends all waits, and those that come later at once', () => {
  const waits = new Waits()
  const many = Array.from({ length: 3 }, () => waits.start(client().signal))
  waits.stop()
  expect(many.every(({ signal }) => signal.aborted)).toBe(true)
  expect([waits.start(client().signal).signal.aborted, waits.count]).toEqual([true, 0])
})
