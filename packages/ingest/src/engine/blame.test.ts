import { describe, expect, test } from 'vitest'
import { blameOf, codeOf } from './blame.ts'

const errorWith = (code: string, message = 'x') => Object.assign(new Error(message), { code })

describe('an error', () => {
  test.each([
    ['22021', 'operation'],
    ['23505', 'operation'],
    ['40001', 'batch'],
    ['40P01', 'batch'],
    ['57P01', 'batch'],
    ['57P03', 'batch'],
    ['53300', 'batch'],
    ['57014', 'server'],
    ['55P03', 'server'],
    ['XX000', 'server'],
    ['42P01', 'server'],
    ['EPIPE', 'batch'],
    ['ECONNRESET', 'batch'],
    ['ECONNREFUSED', 'batch'],
  ])('with the code %s is the %s’s', (code, blame) => {
    expect(blameOf(errorWith(code))).toBe(blame)
    expect(blameOf(new Error('wrapped', { cause: errorWith(code) }))).toBe(blame)
  })

  test.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect', 'Query read timeout'])(
    'that says %j is the loss of the connection',
    (message) => {
      expect(blameOf(new Error(message))).toBe('batch')
      expect(codeOf(new Error(message))).toBe('connection')
    },
  )

  test('of our own code is not the batch’s, and has no code', () => {
    expect(blameOf(new TypeError('x is not a function'))).toBe('server')
    expect(codeOf(new TypeError('x is not a function'))).toBeUndefined()
  })
})
