import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeJsonError } from './json-syntax.ts'

test.each([
  ['nojson', 'unexpected byte at position 0: 0x6E ("n")'],
  ['', 'unexpected end of input at position 0'],
  ['{"a": 1', 'unexpected end of input at position 7'],
  ['{"a": 1]', 'unexpected byte at position 7: 0x5D ("]")'],
  ['{} x', 'unexpected byte at position 3: 0x78 ("x")'],
  ['[1,]', 'unexpected byte at position 3: 0x5D ("]")'],
  ['{a:1}', 'unexpected byte at position 1: 0x61 ("a")'],
  ['["ü", ü]', 'unexpected byte at position 7: 0xC3'],
  ['"a\nb"', 'unexpected byte at position 2: 0xA'],
  ['[', 'unexpected end of input at position 1'],
])('says where %j stops being JSON', (text, message) => {
  expect(describeJsonError(text)).toBe(message)
})

test('finds nothing wrong in JSON, however deep', () => {
  fc.assert(fc.property(fc.json(), (text) => describeJsonError(text) === undefined))
  expect(describeJsonError('['.repeat(200_000) + ']'.repeat(200_000))).toBeUndefined()
})

test('agrees with the parser about what is JSON', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    'a',
    '"b"',
    '1',
    '-',
    '0',
    '.',
    'e',
    'null',
    ' ',
    '\\',
    '\n',
  )
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      expect(describeJsonError(text) === undefined).toBe(isJson(text))
    }),
    { numRuns: 2_000 },
  )
})
