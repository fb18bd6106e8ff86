import { expect, test } from 'vitest'
import { isVisible, parseSnapshot } from './visibility.ts'

test('a snapshot sees what ended before it began', () => {
  const snapshot = parseSnapshot('100:104:100,102')
  expect([99, 100, 101, 102, 103, 104, 105].filter((xid) => isVisible(snapshot, xid))).toEqual([99, 101, 103])
})

test('without running transactions everything before xmax is seen', () => {
  const snapshot = parseSnapshot('7:7:')
  expect([isVisible(snapshot, 6), isVisible(snapshot, 7)]).toEqual([true, false])
})

test('32 bits of a transaction id are placed around a snapshot whose counter has run over', () => {
  // 2^32 + 2 is the next id; 4294967290 belongs to the time before the counter ran over.
  const snapshot = parseSnapshot(`${2n ** 32n - 10n}:${2n ** 32n + 2n}:${2n ** 32n - 10n},${2n ** 32n + 1n}`)
  expect(isVisible(snapshot, 4_294_967_290)).toBe(true)
  expect(isVisible(snapshot, 4_294_967_286)).toBe(false)
  expect(isVisible(snapshot, 0)).toBe(true)
  expect(isVisible(snapshot, 1)).toBe(false)
  expect(isVisible(snapshot, 2)).toBe(false)
})
