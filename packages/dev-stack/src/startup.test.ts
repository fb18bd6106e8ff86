import { expect, test } from 'vitest'
import { createStartup, StoppedError } from './startup.ts'

const part = (name: string, log: string[]) => ({
  name,
  async stop() {
    log.push(`stopped ${name}`)
  },
})

test('parts are stopped in the reverse of their order, once', async () => {
  const log: string[] = []
  const startup = createStartup()
  await startup.start(async () => part('database', log))
  await startup.start(async () => part('site', log))
  await Promise.all([startup.stop(), startup.stop()])
  expect(log).toEqual(['stopped site', 'stopped database'])
})

test('a part that comes up after stopping began is waited for, stopped, and not taken for running', async () => {
  const log: string[] = []
  const startup = createStartup()
  let comeUp = () => {}
  const start = startup.start(
    () => new Promise<ReturnType<typeof part>>((resolve) => (comeUp = () => resolve(part('site', log)))),
  )
  const stop = startup.stop().then(() => log.push('stop is done'))
  expect(startup.signal.aborted).toBe(true)
  comeUp()
  await expect(start).rejects.toBeInstanceOf(StoppedError)
  await stop
  expect(log).toEqual(['stopped site', 'stop is done'])
})

test('nothing is started after stopping began', async () => {
  const startup = createStartup()
  await startup.stop()
  let isStarted = false
  const start = startup.start(async () => {
    isStarted = true
    return part('site', [])
  })
  await expect(start).rejects.toBeInstanceOf(StoppedError)
  expect(isStarted).toBe(false)
})

test('a part that fails to start or to stop does not keep the others running', async () => {
  const log: string[] = []
  const startup = createStartup()
  await startup.start(async () => part('database', log))
  await startup.start(async () => ({ stop: () => Promise.reject(new Error('stuck')) }))
  await expect(startup.start(() => Promise.reject(new Error('no port')))).rejects.toThrow('no port')
  await expect(startup.stop()).rejects.toThrow('stuck')
  expect(log).toEqual(['stopped database'])
})
