import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AlreadyRunningError, claimFolder } from './claim-folder.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landfall-claim-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('a folder belongs to the stack that runs on it, and to nobody when it has ended', async () => {
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' })
  await once(other, 'spawn')
  await writeFile(join(folder, 'running.pid'), String(other.pid))
  const refusal = await claimFolder(folder).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(AlreadyRunningError)
  expect(String(refusal)).toContain(String(other.pid))

  other.kill('SIGKILL')
  await once(other, 'exit')
  const release = await claimFolder(folder)
  await release()
  await expect(claimFolder(folder)).resolves.toBeTypeOf('function')
})

test('a process that nobody can name keeps the folder, and the refusal names the file to delete', async () => {
  const file = join(folder, 'running.pid')
  await writeFile(file, '4711')
  await expect(claimFolder(folder, async () => ({ kind: 'unknown' }))).rejects.toThrow(`delete ${file}`)
})

test('another program that got the number does not keep the folder', async () => {
  await writeFile(join(folder, 'running.pid'), '4711')
  const inspect = async () => ({ kind: 'running', command: '/usr/sbin/cron' }) as const
  await expect(claimFolder(folder, inspect)).resolves.toBeTypeOf('function')
})
