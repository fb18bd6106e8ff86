import { expect, test } from 'vitest'
import { bytes } from './bytes.ts'

test.each([
  [0, '0 kB'],
  [512, '0.5 kB'],
  [12_400, '12 kB'],
  [3_250_000, '3.3 MB'],
  [12_400_000_000, '12 GB'],
  [null, '–'],
  [undefined, '–'],
])('%j bytes are %s', (value, text) => {
  expect(bytes(value)).toBe(text)
})
