import { LocalQueryError, NotConfirmedError, NotSavedError, OfflineError, WriteRejectedError } from '@landfall/local-db'
import { OutboxUnavailableError } from '@landfall/outbox'
import { expect, test } from 'vitest'
import { writeProblem } from './write-problem.ts'

test.each([
  [
    new NotSavedError(new OutboxUnavailableError('quota', 'full')),
    /could not be saved.*storage of this device is full/,
  ],
  [new NotSavedError(new Error('whatever')), /could not be saved.*storage of this device failed/],
  [new OfflineError(), /needs a connection/],
  [new WriteRejectedError('op', 'not_allowed', {}), /did not agree.*not allowed/],
  [new NotConfirmedError(false, undefined), /nothing was changed/],
  [new NotConfirmedError(true, undefined), /may still be made/],
])('%s is said in words', (error, words) => {
  expect(writeProblem(error)).toMatch(words)
})

test('a mistake of ours is nobody’s to read', () => {
  expect(writeProblem(new TypeError('ours'))).toBeUndefined()
  expect(writeProblem(new LocalQueryError(new Error('syntax error'), 'SELEC'))).toBeUndefined()
})
