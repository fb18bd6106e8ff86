import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cleanUp } from '../testing/clean-up.ts'
import { claimStorage, StorageInUseError } from './storage-lock.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'landfall-lock-'))
  cleanUp(() => rm(path, { recursive: true, force: true }))
  return path
}

test('a folder is claimed once, and again when it was released', async () => {
  const path = await folder()
  const release = await claimStorage(path)
  await expect(claimStorage(path)).rejects.toThrow(StorageInUseError)
  await release()
  await (await claimStorage(path))()
  expect(await readdir(path)).toEqual([])
})

test('of many who claim it at the same time one gets it', async () => {
  const path = await folder()
  const claims = await Promise.allSettled(Array.from({ length: 20 }, () => claimStorage(path)))
  expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(path)).toEqual(['lock'])
})

test('the lock of a process that was killed does not block', async () => {
  const path = await folder()
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'])
  cleanUp(async () => child.kill('SIGKILL'))
  await once(child, 'spawn')
  await writeFile(join(path, 'lock'), JSON.stringify({ pid: child.pid, startedAt: '', token: 'x' }))
  await expect(claimStorage(path)).rejects.toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await claimStorage(path)
})

test.each([
  ['another process has its number', { pid: process.ppid, startedAt: 'another boot 1', token: 'x' }],
  ['this process has its number, as in a container', { pid: process.pid, startedAt: '', token: 'x' }],
])('a lock that was left does not block when %s', async (_, owner) => {
  const path = await folder()
  await writeFile(join(path, 'lock'), JSON.stringify(owner))
  const release = await claimStorage(path)
  expect(JSON.parse(await readFile(join(path, 'lock'), 'utf8')).pid).toBe(process.pid)
  await release()
})

test('what is no lock does not block either', async () => {
  const path = await folder()
  await writeFile(join(path, 'lock'), '')
  await claimStorage(path)
})
