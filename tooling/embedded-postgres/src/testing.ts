import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type RunningPostgres, startPostgres } from './server.ts'

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

/** An empty database of its own for one test file. */
export async function createTestDatabase(
  server: Pick<RunningPostgres, 'url' | 'createDatabase'>,
): Promise<TestDatabase> {
  databases += 1
  const name = `test_${process.pid}_${databases}`
  await server.createDatabase(name)
  return {
    name,
    url: server.url(name),
    async drop() {
      const client = new pg.Client({ connectionString: server.url() })
      await client.connect()
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`)
      await client.end()
    },
  }
}
