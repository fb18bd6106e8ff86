import { expect, test } from 'vitest'
import { isSuperlinear, pair } from './grown.ts'

test.each([
  [{ base: 10, grown: 14, work: 1 }, false],
  [{ base: 10, grown: 16, work: 1 }, true],
  [{ base: 10, grown: 140, work: 10 }, false],
  [{ base: 10, grown: 160, work: 10 }, true],
] as const)('%j is superlinear: %s', (grown, expected) => {
  expect(isSuperlinear({ what: 'a drain', ...grown })).toBe(expected)
})

test('pairs by name, and leaves out what was measured at one size only', () => {
  const base = new Map([
    ['ours', 1],
    ['a peer', 2],
  ])
  expect(pair(base, new Map([['ours', 30]]), (ms) => ms * 2, 10)).toEqual([
    { what: 'ours', base: 2, grown: 60, work: 10 },
  ])
})
