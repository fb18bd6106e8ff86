import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startPostgres } from '@landfall/embedded-postgres'
import { expect, inject, onTestFinished, test } from 'vitest'
import { waitForDatabase } from './wait-for-database.ts'

const LONG_MS = 60_000

test('a database that comes up later is waited for, for as long as was said', { timeout: LONG_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-wait-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const port = await freePort()
  const url = `postgresql://postgres:secret@127.0.0.1:${port}/postgres`
  await expect(waitForDatabase(url, 0)).rejects.toThrow('ECONNREFUSED')

  const waiting = waitForDatabase(url, LONG_MS)
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port, password: 'secret' })
  onTestFinished(() => postgres.stop())
  await expect(waiting).resolves.toBeUndefined()
})

test('a wrong password or name is no reason to wait', { timeout: 10_000 }, async () => {
  const url = new URL(inject('postgresUrl'))
  url.pathname = '/nowhere'
  await expect(waitForDatabase(url.href, LONG_MS)).rejects.toThrow('does not exist')
  url.password = 'wrong'
  await expect(waitForDatabase(url.href, LONG_MS)).rejects.toThrow('password')
})
