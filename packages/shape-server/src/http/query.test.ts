import { expect, test } from 'vitest'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import { parseQuery } from './query.ts'

test('names and values are decoded, and the last of a name counts', () => {
  expect({ ...parseQuery('table=a%20b+c&params%5B1%5D=%C3%BC&empty=&bare&&table=last') }).toEqual({
    table: 'last',
    'params[1]': 'ü',
    empty: '',
    bare: '',
  })
})

test('names of the prototype are names like any other', () => {
  const parameters = parseQuery('__proto__=a&constructor=b')
  expect(Object.entries(parameters)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  expect(parseQuery('').toString).toBeUndefined()
})

test.each([
  ['a percent sign alone', 'where=100%', 'where'],
  ['bytes that are no UTF-8', 'where=%C3%28', 'where'],
  ['an overlong encoding', 'where=%C0%80', 'where'],
  ['half of a surrogate pair', 'where=%ED%A0%80', 'where'],
  ['a null byte', 'where=a%00b', 'where'],
  ['a null byte in a name', 'a%00=b', 'query'],
  ['a name that cannot be decoded', '%=1', 'query'],
  ['a name of the prototype', '__proto__=%', '__proto__'],
])('refuses %s and names the parameter', (_, query, field) => {
  let error: unknown
  try {
    parseQuery(`offset=-1&${query}`)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(InvalidRequestError)
  expect(Object.entries((error as InvalidRequestError).errors)).toEqual([[field, [expect.any(String)]]])
})
