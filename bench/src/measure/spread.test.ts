import { expect, test } from 'vitest'
import { spreadOf } from './spread.ts'

test('finds the percentiles of samples in any order, and leaves the samples as they were', () => {
  const samples = [5, 1, 4, 2, 3]
  expect(spreadOf(samples)).toEqual({ samples: 5, p25: 2, p50: 3, p75: 4, p95: 4.8 })
  expect(samples).toEqual([5, 1, 4, 2, 3])
})

test('one sample is its own spread', () => {
  expect(spreadOf([7])).toEqual({ samples: 1, p25: 7, p50: 7, p75: 7, p95: 7 })
})

test('nothing measured is an error and no zero', () => {
  expect(() => spreadOf([])).toThrow(RangeError)
})
