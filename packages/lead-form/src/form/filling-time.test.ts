import { describe, expect, test } from 'vitest'
import { FillingTime } from './filling-time.ts'

describe('the time that a form took', () => {
  const clock = { nowMs: 1_000 }
  const begin = () => {
    clock.nowMs = 1_000
    return new FillingTime(() => clock.nowMs)
  }

  test('counts from the first touch, not from a later one', () => {
    const filling = begin()
    filling.touch(true)
    clock.nowMs = 4_000.4
    filling.touch(true)
    clock.nowMs = 6_000.4
    expect(filling.elapsedMs()).toBe(5_000)
  })

  test('is not known of a form that nobody touched, and of one that came with values', () => {
    const untouched = begin()
    expect(untouched.elapsedMs()).toBeUndefined()
    const prefilled = begin()
    prefilled.touch(false)
    prefilled.touch(true)
    expect(prefilled.elapsedMs()).toBeUndefined()
  })

  test('is not known once a draft came in between, and counts anew for the next lead', () => {
    const filling = begin()
    filling.touch(true)
    filling.giveUp()
    expect(filling.elapsedMs()).toBeUndefined()
    filling.restart()
    filling.touch(true)
    clock.nowMs = 3_000
    expect(filling.elapsedMs()).toBe(2_000)
  })
})
