import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What can be told of a process number. `unknown` runs, and nobody says what it is: a slim image without `ps`. */
export type ProcessState = { kind: 'gone' } | { kind: 'running'; command: string } | { kind: 'unknown' }

/** Whether a process has this number, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A number may be another program's by now, so what runs under it is named by its command line. */
export async function inspectProcess(pid: number): Promise<ProcessState> {
  // Zero and negative numbers would ask for whole process groups.
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return { kind: 'gone' }
  const command = await readCommand(pid)
  if (command === undefined) return isAlive(pid) ? { kind: 'unknown' } : { kind: 'gone' }
  // A process that has ended and that nobody has waited for keeps its number, and loses its command line.
  return command === '' ? { kind: 'gone' } : { kind: 'running', command }
}

async function readCommand(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const args = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
    if (args !== undefined) return args.replaceAll('\0', ' ').trim()
  }
  try {
    return (await run('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout.trim()
  } catch {
    return undefined
  }
}
