import { expect, test } from 'vitest'
import { LatestOnly } from './latest-only.ts'

test('what comes while something runs waits, and only the latest of it is run', async () => {
  const told: string[] = []
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const runner = new LatestOnly()
  const say = (word: string) => async () => void told.push(word)
  const first = runner.run(async () => {
    told.push('first')
    await held
  })
  runner.run(say('overtaken'))
  const last = runner.run(say('last'))
  expect(told).toEqual(['first'])
  release()
  await Promise.all([first, last])
  expect(told).toEqual(['first', 'last'])
})

test('a failure keeps nothing from running', async () => {
  const runner = new LatestOnly()
  await runner.run(async () => {
    throw new Error('full')
  })
  let hasRun = false
  await runner.run(async () => {
    hasRun = true
  })
  expect(hasRun).toBe(true)
})
