import { expect, test } from 'vitest'
import { RecentTransactions } from './recent-transactions.ts'
import { parseSnapshot } from './visibility.ts'

test('a snapshot must see what was handed over until it was asked about, and nothing later', () => {
  const recent = new RecentTransactions()
  recent.add(10)
  const isAcceptable = recent.seenBy()
  recent.add(11)
  expect(isAcceptable(parseSnapshot('10:10:'))).toBe(false)
  expect(isAcceptable(parseSnapshot('11:11:'))).toBe(true)
  expect(recent.seenBy()(parseSnapshot('11:11:'))).toBe(false)
})

test('what one snapshot has seen is not asked about again, in whatever order they were begun', () => {
  const recent = new RecentTransactions()
  recent.add(10)
  const first = recent.seenBy()
  recent.add(11)
  const second = recent.seenBy()
  expect(second(parseSnapshot('12:12:'))).toBe(true)
  expect(first(parseSnapshot('11:11:'))).toBe(true)
  recent.add(12)
  // Only the last one is left to be seen.
  expect(recent.seenBy()(parseSnapshot('5:13:5,10,11'))).toBe(true)
})
