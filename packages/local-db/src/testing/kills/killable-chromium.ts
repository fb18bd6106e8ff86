import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { chromiumLaunchOptions } from '@landfall/chromium'
import { type Browser, type BrowserContext, chromium } from 'playwright'

/** A real Chromium on a profile on disk, which can be ended as a crash or the system's killer would. */
export interface KillableChromium {
  context: BrowserContext
  /** SIGKILL to every process of it, at once. Resolves when they are gone. */
  kill(): Promise<void>
}

export async function launchKillable(profileDirectory: string): Promise<KillableChromium> {
  const { executablePath = chromium.executablePath(), args } = chromiumLaunchOptions()
  const portFile = join(profileDirectory, 'DevToolsActivePort')
  await rm(portFile, { force: true })
  const child = spawn(
    executablePath,
    [...args, '--headless=new', `--user-data-dir=${profileDirectory}`, '--remote-debugging-port=0', 'about:blank'],
    { stdio: 'ignore', detached: true },
  )
  const browser = await connect(child, portFile)
  const [context] = browser.contexts()
  if (!context) throw new Error('Chromium has no context')
  return { context, kill: () => killTree(child, browser) }
}

async function connect(child: ChildProcess, portFile: string): Promise<Browser> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Chromium ended with ${child.exitCode}`)
    const [port, path] = (await readFile(portFile, 'utf8').catch(() => '')).split('\n')
    if (port && path) return chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`)
    await delay(50)
  }
}

async function killTree({ pid }: ChildProcess, browser: Browser): Promise<void> {
  if (pid === undefined) return
  const pids = [pid, ...descendants(pid)]
  for (const each of pids) signal(each)
  // Nobody must write to the profile any more when the next is started on it.
  while (pids.some(isAlive)) await delay(20)
  await browser.close().catch(() => {})
}

function signal(pid: number): void {
  try {
    kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

function isAlive(pid: number): boolean {
  const state = statOf(pid)?.state
  return state !== undefined && state !== 'Z'
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat) parents.set(Number(name), stat.parent)
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === root || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow)
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    // The name of the program, in brackets, may hold anything.
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
