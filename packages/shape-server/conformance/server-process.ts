import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { inspectProcess } from '@landfall/embedded-postgres'

/** How a server is run, and which process it is now: kept in a file, so that another process can restart it. */
export interface ServerProcess {
  /** Program and arguments. */
  command: [string, ...string[]]
  env: Record<string, string>
  url: string
  logFile: string
  pid?: number
}

const HEALTHY_WITHIN_MS = 60_000
const STOPPED_WITHIN_MS = 15_000

/** Starts it and waits until it answers as active. Throws with the end of its log when it doesn't. */
export async function startServerProcess(stateFile: string, server: ServerProcess): Promise<void> {
  const log = openSync(server.logFile, 'a')
  const [program, ...args] = server.command
  // Detached: it must outlive the command that restarted it.
  const child = spawn(program, args, { env: server.env, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  await once(child, 'spawn')
  child.unref()
  await writeFile(stateFile, JSON.stringify({ ...server, pid: child.pid }))
  const deadline = Date.now() + HEALTHY_WITHIN_MS
  while (!(await isActive(server.url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const text = await readFile(server.logFile, 'utf8')
      throw new Error(`the server did not become active; its log ends with:\n${text.slice(-2_000)}`)
    }
    await delay(50)
  }
}

/** SIGTERM, and SIGKILL when that does not end it. */
export async function stopServerProcess(stateFile: string): Promise<void> {
  const { pid } = await readServerProcess(stateFile)
  if (pid === undefined) return
  signal(pid, 'SIGTERM')
  const deadline = Date.now() + STOPPED_WITHIN_MS
  while ((await inspectProcess(pid)).kind !== 'gone') {
    if (Date.now() > deadline) signal(pid, 'SIGKILL')
    await delay(20)
  }
}

export async function restartServerProcess(stateFile: string): Promise<void> {
  await stopServerProcess(stateFile)
  await startServerProcess(stateFile, await readServerProcess(stateFile))
}

async function readServerProcess(stateFile: string): Promise<ServerProcess> {
  return JSON.parse(await readFile(stateFile, 'utf8'))
}

async function isActive(url: string): Promise<boolean> {
  const response = await fetch(`${url}/v1/health`).catch(() => undefined)
  return response?.status === 200
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}
