import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exe } from './binaries.ts'
import { inspectProcess } from './process-state.ts'

const ENDED_WITHIN_MS = 15_000

/** What the command line of a server on this folder begins with. `endLeftover` knows one by it. */
export const serverArgs = (dataDir: string) => ['-D', dataDir]

/**
 * A server that outlived a killed parent still holds the folder: it is ours, so it is ended first.
 *
 * Only what is certainly Postgres on this folder is ended. Where that cannot be told, Postgres itself refuses the
 * folder as long as the process of its `postmaster.pid` lives, and says so.
 */
export async function endLeftover(dataDir: string): Promise<void> {
  const pidFile = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(pidFile.split('\n')[0])
  if (!(await isServerOn(pid, dataDir))) return
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // Ended in this very moment, or another user's: then the start says so.
    return
  }
  for (let waitedMs = 0; waitedMs < ENDED_WITHIN_MS && (await isServerOn(pid, dataDir)); waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function isServerOn(pid: number, dataDir: string): Promise<boolean> {
  const state = await inspectProcess(pid)
  const ours = [exe('postgres'), ...serverArgs(dataDir), '-c '].join(' ')
  return state.kind === 'running' && state.command.includes(ours)
}
