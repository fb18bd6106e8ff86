import { expect, test } from 'vitest'
import { readersLocale } from './readers-locale.ts'

test.each([
  ['en', ['de-DE', 'en-GB', 'en-US'], 'en-GB'],
  ['ar', ['en-GB'], 'ar'],
  ['ar', ['ar-JO', 'ar'], 'ar-JO'],
  ['en', ['en'], 'en'],
  ['en', [], 'en'],
])('%s for somebody who reads %j is %s', (language, preferred, expected) => {
  expect(readersLocale(language, preferred)).toBe(expected)
})
