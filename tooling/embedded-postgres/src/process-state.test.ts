import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { inspectProcess, isAlive } from './process-state.ts'

test('a process is known by its command line while it runs, and gone when it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume() // told apart'], { stdio: 'pipe' })
  await once(child, 'spawn')
  const pid = child.pid as number
  const state = await inspectProcess(pid)
  expect(state.kind === 'running' && state.command).toContain('told apart')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await inspectProcess(pid)).toEqual({ kind: 'gone' })
})

test('a process of somebody else is alive', () => {
  expect(isAlive(1)).toBe(true)
})

test.each([Number.NaN, 0, -1, 1.5])('%s is no process', async (pid) => {
  expect(await inspectProcess(pid)).toEqual({ kind: 'gone' })
})
