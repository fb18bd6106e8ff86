import { expect } from 'vitest'
import type { ModelDevice } from './model-device.ts'

const ROUNDS = 60

/**
 * The weather is fine, nobody is closed, and a person lets go of every dead letter: everything comes to its end.
 *
 * @returns ids of what died
 */
export async function comeToRest(device: ModelDevice): Promise<Set<string>> {
  const dead = new Set<string>()
  for (let round = 0; round < ROUNDS; round += 1) {
    await device.reconcile([{ page: 0, crash: null }])
    await device.deliver(0, [])
    await device.reconcile([{ page: 0, crash: null }])
    const undelivered = (await device.entries()).filter(({ state }) => state !== 'delivered')
    const [letter] = undelivered.filter(({ state }) => state === 'dead')
    if (undelivered.length === 0) return dead
    if (letter) {
      dead.add(letter.opId)
      device.discarded.add(letter.opId)
      await device.outboxes[0]?.discard(letter.opId)
    }
  }
  expect(await device.entries(), 'something never comes to its end').toEqual([])
  return dead
}
