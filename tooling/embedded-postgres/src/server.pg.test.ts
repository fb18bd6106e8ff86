import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { place } from './binaries.ts'
import { endLeftover } from './leftover.ts'
import { isAlive } from './process-state.ts'
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

/** Where the data of `folder/data` really goes, which for root may be elsewhere. */
async function placedIn(folder: string) {
  const { dataDir } = await place(join(folder, 'data'))
  cleanUps.unshift(() => rm(dataDir, { recursive: true, force: true }))
  return dataDir
}

test('a cluster whose making was cut short is made anew', async () => {
  const folder = await temporaryFolder()
  const dataDir = await placedIn(folder)
  // The number of a process that cannot be: the largest Linux gives is 2^22.
  const halfMade = `${dataDir}.9999999.new`
  cleanUps.push(() => rm(halfMade, { recursive: true, force: true }))
  await mkdir(join(halfMade, 'base'), { recursive: true })
  await writeFile(join(halfMade, 'PG_VERSION'), '17\n')
  const server = await start(join(folder, 'data'))
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await expect(access(halfMade)).rejects.toThrow()
})

test('a start that is given up leaves neither a server nor half a cluster, and the next one finds its way', async () => {
  const folder = await temporaryFolder()
  const dataDir = await placedIn(folder)
  const abort = new AbortController()
  const given = startPostgres({ dataDir: join(folder, 'data'), signal: abort.signal })
  const refusal = expect(given).rejects.toThrow('changed my mind')
  await untilExists(join(`${dataDir}.${process.pid}.new`, 'PG_VERSION'))
  abort.abort(new Error('changed my mind'))
  await refusal
  const left = await readdir(dirname(dataDir))
  expect(left.filter((name) => join(dirname(dataDir), name).startsWith(dataDir))).toEqual([])

  const server = await start(join(folder, 'data'))
  expect(await query(server.url(), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('files that are no cluster are left alone, and the start says where they are', async () => {
  const folder = await temporaryFolder()
  const dataDir = await placedIn(folder)
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'letter.txt'), 'dear')
  await expect(startPostgres({ dataDir: join(folder, 'data') })).rejects.toThrow(dataDir)
  expect(await readdir(dataDir)).toEqual(['letter.txt'])
})

test('a process that got the number of a server that ended is left alone', async () => {
  const folder = await temporaryFolder()
  const first = await start(join(folder, 'data'))
  cleanUps.unshift(() => rm(first.dataDir, { recursive: true, force: true }))
  await first.stop()
  const bystander = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'postgres', first.dataDir], {
    stdio: 'pipe',
  })
  cleanUps.push(async () => bystander.kill('SIGKILL'))
  await once(bystander, 'spawn')
  await writeFile(join(first.dataDir, 'postmaster.pid'), `${bystander.pid}\n`)
  await endLeftover(first.dataDir)
  expect(isAlive(bystander.pid as number)).toBe(true)
  expect(bystander.signalCode).toBe(null)
})

const untilExists = (path: string) => vi.waitFor(() => access(path), { timeout: 10_000, interval: 5 })
