import { readdir, readFile } from 'node:fs/promises'

/**
 * Bytes that the renderers of a browser hold for themselves: pages and workers, and nothing that they share with others.
 * A renderer is a process below the one whose profile this is.
 *
 * @throws Error on a system without /proc
 */
export async function privateMemoryOf(profile: string): Promise<number> {
  const processes = await readProcesses()
  const root = processes.find(({ args }) => args.includes(`--user-data-dir=${profile}`) && !isChild(args))
  if (!root) throw new Error(`no browser runs on ${profile}, or this system has no /proc`)
  let bytes = 0
  for (const { pid, args } of descendants(processes, root.pid)) {
    if (args.includes('--type=renderer')) bytes += await privateBytes(pid)
  }
  return bytes
}

interface Process {
  pid: number
  parent: number
  args: string[]
}

const isChild = (args: readonly string[]): boolean => args.some((arg) => arg.startsWith('--type='))

async function readProcesses(): Promise<Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map((pid) => readProcess(Number(pid)).catch(() => undefined)))
  return found.filter((process) => process !== undefined)
}

/** Chromium separates the arguments of its children by spaces, and those of the first process by zeros. */
async function readProcess(pid: number): Promise<Process> {
  const [stat, commandLine] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
  ])
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid, parent: Number(parent), args: commandLine.split(/[\0 ]/) }
}

function descendants(processes: readonly Process[], pid: number): Process[] {
  const children = processes.filter(({ parent }) => parent === pid)
  return [...children, ...children.flatMap((child) => descendants(processes, child.pid))]
}

async function privateBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].map(([, count]) => Number(count))
  return kilobytes.reduce((sum, count) => sum + count, 0) * 1024
}
