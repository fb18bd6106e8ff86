import { expect, test } from 'vitest'
import { OverloadError } from '../overload-error.ts'
import { SnapshotQueue } from './snapshot-queue.ts'

/** Work that ends when it is told to. */
function work() {
  let finish = () => {}
  const ended = new Promise<void>((resolve) => {
    finish = resolve
  })
  let isRunning = false
  const read = async () => {
    isRunning = true
    await ended
    isRunning = false
  }
  return { read, finish, isRunning: () => isRunning }
}

test('only so many snapshots are read at a time, the others in their order', async () => {
  const queue = new SnapshotQueue(2)
  const all = [work(), work(), work(), work()]
  const done = all.map(({ read }) => queue.run(read))
  const running = () => all.map(({ isRunning }) => isRunning())
  expect(running()).toEqual([true, true, false, false])
  all[1]?.finish()
  await done[1]
  await expect.poll(running).toEqual([true, false, true, false])
  for (const { finish } of all) finish()
  await Promise.all(done)
  expect(running()).toEqual([false, false, false, false])
})

test('a snapshot that fails makes room for the next one', async () => {
  const queue = new SnapshotQueue(1)
  await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await queue.run(async () => 'yes')).toBe('yes')
})

test('beyond so many that wait the next one is refused', async () => {
  const queue = new SnapshotQueue(1, 1)
  const [first, second] = [work(), work()]
  const done = [queue.run(first.read), queue.run(second.read)]
  expect(() => queue.requireRoom()).toThrow(OverloadError)
  await expect(queue.run(async () => {})).rejects.toThrow(OverloadError)
  first.finish()
  second.finish()
  await Promise.all(done)
  queue.requireRoom()
})
