import { execFile } from 'node:child_process'
import { access, chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { exe, type Placement } from './binaries.ts'
import { PostgresStartError } from './errors.ts'
import { isAlive } from './process-state.ts'

const run = promisify(execFile)

/**
 * Makes a cluster where there is none.
 *
 * `initdb` works in a folder beside, `<dataDir>.<pid>.new`, which is renamed into place when it is whole: one that was
 * killed half-way leaves a `PG_VERSION` and no cluster, and must never be taken for one.
 */
export async function initialise(placement: Placement, password: string, signal?: AbortSignal): Promise<void> {
  const { dataDir, user } = placement
  if (await hasCluster(dataDir)) return
  await mkdir(dirname(dataDir), { recursive: true })
  await removeLeftovers(dataDir)
  const partial = `${dataDir}.${process.pid}.new`
  await mkdir(partial, { mode: 0o700 })
  try {
    if (user) await chown(partial, user.uid, user.gid)
    await initdb({ ...placement, dataDir: partial }, password, signal)
    await moveIntoPlace(partial, dataDir)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

function hasCluster(dataDir: string): Promise<boolean> {
  return access(join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
}

/** What an `initdb` left that was killed together with its parent. One that still runs elsewhere keeps its folder. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.`
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(/^(\d+)\.new$/.exec(name.slice(prefix.length))?.[1])
    if (pid && (pid === process.pid || !isAlive(pid))) {
      await rm(join(dirname(dataDir), name), { recursive: true, force: true })
    }
  }
}

async function moveIntoPlace(partial: string, dataDir: string): Promise<void> {
  try {
    await rename(partial, dataDir)
  } catch (cause) {
    throw new PostgresStartError(
      `${dataDir} holds files and no Postgres cluster. Nothing in it was touched: move it away, and start again.`,
      { cause },
    )
  }
}

async function initdb({ binDir, dataDir, user }: Placement, password: string, signal?: AbortSignal): Promise<void> {
  const passwordFile = join(tmpdir(), `landfall-initdb-${process.pid}-${Date.now()}`)
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  try {
    if (user) await chown(passwordFile, user.uid, user.gid)
    signal?.throwIfAborted()
    const args = [
      `--pgdata=${dataDir}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]
    const running = run(join(binDir, exe('initdb')), args, { ...user, cwd: dataDir })
    // Not execFile's own `signal`: that one does not wait for the process to end.
    const end = () => running.child.kill()
    process.once('exit', end)
    signal?.addEventListener('abort', end)
    try {
      await running
    } finally {
      process.off('exit', end)
      signal?.removeEventListener('abort', end)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw new PostgresStartError(`initdb failed: ${(cause as { stderr?: string }).stderr ?? cause}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}
