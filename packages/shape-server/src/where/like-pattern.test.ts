import { expect, test } from 'vitest'
import { compileLikePattern, withBackslash } from './like-pattern.ts'

test('a pattern that would blow up a regular expression is matched in time', () => {
  const matches = compileLikePattern(`${'%a'.repeat(200)}b`)
  expect(matches('a'.repeat(20_000))).toBe(false)
  expect(matches(`${'a'.repeat(20_000)}b`)).toBe(true)
})

test.each([
  ['', '', true],
  ['', 'a', false],
  ['%', '', true],
  ['%%_%', '😀', true],
  ['_', '😀', true],
  ['__', '😀', false],
  ['a%c', 'abcabc', true],
  ['a%c', 'abcab', false],
  ['\\%', '%', true],
  ['\\%', 'x', false],
  ['a\nb', 'a\nb', true],
  ['%\nb', 'a\nb', true],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(compileLikePattern(pattern)(text)).toBe(expected)
})

test('an escape at the end fails when it is reached', () => {
  expect(compileLikePattern('a\\')('b')).toBe(false)
  expect(() => compileLikePattern('a\\')('ab')).toThrow('must not end with escape character')
})

test('another escape character is rewritten', () => {
  expect(withBackslash('a!%b!!\\', '!')).toBe('a\\%b\\!\\\\')
  expect(withBackslash('a\\%', '')).toBe('a\\\\%')
  expect(() => withBackslash('a', '!!')).toThrow('invalid escape string')
})
