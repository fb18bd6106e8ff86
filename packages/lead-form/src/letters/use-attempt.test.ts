import { OutboxUnavailableError } from '@landfall/outbox'
import { expect, test } from 'vitest'
import { en } from '../messages/en.ts'
import { whyNot } from './use-attempt.ts'

test('what was done needs no words', async () => {
  expect(await whyNot(async () => 'done', 'en')).toBeUndefined()
  expect(await whyNot(() => undefined, 'en')).toBeUndefined()
})

test('a device that cannot keep it is told of', async () => {
  const fail = () => Promise.reject(new OutboxUnavailableError('quota', 'full'))
  expect(await whyNot(fail, 'en')).toBe(en.unkept.quota)
})

test('a mistake of ours is not taken for a full device', async () => {
  await expect(whyNot(() => Promise.reject(new TypeError('ours')), 'en')).rejects.toThrow('ours')
})
