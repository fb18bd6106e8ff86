import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startBackend } from './backend.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

test('a start that is given up frees the folder, and the next one finishes it', { timeout: 60_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'landfall-backend-'))
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }))
  const abort = new AbortController()
  const steps: string[] = []
  const given = startBackend({
    dataDir,
    isEmpty: true,
    signal: abort.signal,
    onStep(step) {
      steps.push(step)
      if (step === 'Bringing the schema up to date') abort.abort(new Error('changed my mind'))
    },
  })
  await expect(given).rejects.toThrow('changed my mind')
  expect(steps).toEqual(['Starting Postgres', 'Bringing the schema up to date'])
  await expect(access(join(dataDir, 'running.pid'))).rejects.toThrow()

  const backend = await startBackend({ dataDir, isEmpty: true })
  cleanUps.push(() => rm(backend.postgres.dataDir, { recursive: true, force: true }))
  await backend.stop()
})
