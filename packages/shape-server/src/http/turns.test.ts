import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('everybody has a turn of the event loop of his own, in order', async () => {
  let turn = 0
  let counter = setImmediate(function count() {
    turn += 1
    counter = setImmediate(count)
  })
  const turns = new Turns()
  const done: { name: number; turn: number }[] = []
  const work = async (name: number) => {
    await turns.next()
    done.push({ name, turn })
  }
  await Promise.all([work(1), work(2), work(3)])
  await work(4)
  clearImmediate(counter)
  expect(done.map(({ name }) => name)).toEqual([1, 2, 3, 4])
  expect(new Set(done.map((one) => one.turn)).size).toBe(4)
})
