import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type {} from 'vitest'
import { type RunningPostgres, startPostgres } from './server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's connection string of the server that `vitest-global-setup.ts` started. */
    postgresUrl: string
  }
}

export interface TestDatabase {
  name: string
  url: string
  drop(): Promise<void>
}

/** A throw-away cluster for one test run; fast because it need not survive a crash of the machine. */
export async function startTestPostgres(settings: Record<string, string> = {}): Promise<RunningPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-test-'))
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', ...settings },
  })
  return {
    ...server,
    async stop(mode) {
      await server.stop(mode)
      await rm(server.dataDir, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

let databases = 0

/** An empty database of its own for one test file, on the server of this superuser's connection string. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  databases += 1
  const name = `test_${process.pid}_${databases}`
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await runOn(serverUrl, `CREATE DATABASE ${name}`)
  return {
    name,
    url: url.href,
    drop: () => runOn(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

async function runOn(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
