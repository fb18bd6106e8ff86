import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Another server works on the folder; two would write into each other's logs. */
export class StorageInUseError extends Error {
  override name = 'StorageInUseError'

  constructor(folder: string, pid: number) {
    super(
      `The folder ${folder} is in use by another shape server, process ${pid}. Stop that one first, or give this one ` +
        'a folder of its own.',
    )
  }
}

interface Owner {
  pid: number
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  startedAt: string
  token: string
}

/** Locks that this very process holds: a number alone would not tell it from the one before, as in a container. */
const held = new Set<string>()

/**
 * Makes this process the only one that works on the folder, until the returned function is called. A lock whose process
 * is gone does not count. Throws a StorageInUseError.
 */
export async function claimStorage(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock')
  const token = randomBytes(8).toString('hex')
  const mine = `${path}.${token}`
  const owner: Owner = { pid: process.pid, startedAt: await startOf(process.pid), token }
  await writeFile(mine, JSON.stringify(owner))
  // Before the link is there: whoever sees it must not take it for one of an earlier process.
  held.add(token)
  try {
    // A link is made by one of all who try at the same time.
    while (!(await tryLink(mine, path))) await removeStale(folder, path)
  } catch (error) {
    held.delete(token)
    throw error
  } finally {
    await rm(mine, { force: true })
  }
  return async () => {
    held.delete(token)
    await rm(path, { force: true })
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Throws when the lock is alive. */
async function removeStale(folder: string, path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  await requireStale(folder, text)
  // Somebody else may have replaced it since: what was moved away is looked at again.
  const moved = `${path}.${randomBytes(8).toString('hex')}.stale`
  await rename(path, moved).catch(() => {})
  const found = await readFile(moved, 'utf8').catch(() => text)
  if (found !== text) await tryLink(moved, path)
  await rm(moved, { force: true })
}

async function requireStale(folder: string, text: string): Promise<void> {
  const owner = parseOwner(text)
  if (owner && (await isAlive(owner))) throw new StorageInUseError(folder, owner.pid)
}

function parseOwner(text: string): Owner | undefined {
  try {
    const { pid, startedAt, token } = JSON.parse(text) as Partial<Owner>
    return pid ? { pid, startedAt: startedAt ?? '', token: token ?? '' } : undefined
  } catch {
    return undefined
  }
}

async function isAlive({ pid, startedAt, token }: Owner): Promise<boolean> {
  if (pid === process.pid) return held.has(token)
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Not ours to signal, but there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = await startOf(pid)
  return now === '' || startedAt === '' || now === startedAt
}

/** When the process started, as Linux tells it: boot, and ticks since then. */
async function startOf(pid: number): Promise<string> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The name of the program stands in parentheses and may hold spaces.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks ? `${boot.trim()} ${ticks}` : ''
  } catch {
    return ''
  }
}
