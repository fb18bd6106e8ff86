import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { type RunningPostgres, startPostgres } from './server.ts'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(dataDir: string): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir })
  cleanUps.push(() => server.stop())
  return server
}

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-postgres-'))
  cleanUps.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('finds its data again after a stop, in a folder that only its owner may enter', async () => {
  const folder = await temporaryFolder()
  expect((await stat(folder)).mode & 0o077).toBe(0)
  const first = await start(join(folder, 'data'))
  cleanUps.unshift(() => rm(first.dataDir, { recursive: true, force: true }))
  await first.createDatabase('kept')
  await query(first.url('kept'), 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()

  const second = await start(join(folder, 'data'))
  expect(await query(second.url('kept'), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
  expect(await query(second.url(), 'SHOW wal_level')).toEqual([{ wal_level: 'logical' }])
})

test('takes over from a server that outlived its parent', async () => {
  const folder = await temporaryFolder()
  const orphan = await start(join(folder, 'data'))
  cleanUps.unshift(() => rm(orphan.dataDir, { recursive: true, force: true }))
  const heir = await start(join(folder, 'data'))
  expect(await query(heir.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await expect(query(orphan.url(), 'SELECT 1')).rejects.toThrow()
})
