import { expect, test } from 'vitest'
import { figure, percent, times } from './number.ts'

test.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [0.7725, '0.773'],
  [1.33, '1.33'],
  [99.94, '99.9'],
  [1_341.09, '1,341'],
  [156_576.2, '156,576'],
])('%d is told as %s', (value, told) => {
  expect(figure(value)).toBe(told)
})

test('a ratio and a share carry their sign', () => {
  expect([times(2.5), percent(0.604)]).toEqual(['2.50×', '60 %'])
})
