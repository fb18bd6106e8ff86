import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTestDatabase, freePort, type TestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type ReplayTarget, replay, type ScenarioReport } from './replay-runs.ts'
import { startServerProcess, stopServerProcess } from './server-process.ts'

// What the real service answered, scenario by scenario, against this server as its binary.

const { scenarios } = createRequire(import.meta.url)('./recorded/scenarios.json') as { scenarios: { name: string }[] }
const names = scenarios.map(({ name }) => name)

/** Those that wait for a time-out or a keep-alive: each begins a group, so that they wait side by side. */
const WAITING = ['live-timeout', 'sse-keepalive', 'out-of-bounds', 'column-added']
/** Takes the server away from everybody else. */
const ALONE = ['restart']

const SECRET = 'hush'
const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const RESTART = fileURLToPath(new URL('./restart-server.ts', import.meta.url))
const NODE = [process.execPath, '--disable-warning=DEP0204'] as const

let folder: string
let database: TestDatabase
const reports = new Map<string, ScenarioReport>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shape-server-replay-'))
  database = await createTestDatabase(inject('postgresUrl'))
  const port = await freePort(34_000)
  const stateFile = join(folder, 'server.json')
  const target: ReplayTarget = {
    url: `http://127.0.0.1:${port}`,
    databaseUrl: database.url,
    secret: SECRET,
    restartCommand: [...NODE, RESTART, stateFile].map((part) => `'${part}'`).join(' '),
  }
  await startServerProcess(stateFile, {
    command: [...NODE, CLI],
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: database.url,
      ELECTRIC_PORT: String(port),
      ELECTRIC_SECRET: SECRET,
      ELECTRIC_STORAGE_DIR: join(folder, 'storage'),
      ELECTRIC_ENABLE_INTEGRATION_TESTING: 'true',
    },
    url: target.url,
    logFile: join(folder, 'server.log'),
  })
  await replayAll(target)
}, 300_000)

afterAll(async () => {
  await stopServerProcess(join(folder, 'server.json'))
  await database.drop()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

test.each(names)('answers as recorded: %s', (name) => {
  expect(reports.get(name)).toMatchObject({ result: 'PASS', notes: [] })
})

const report = (scenario: ScenarioReport) => reports.set(scenario.name, scenario)

/** In a few processes at once, because some scenarios do little but wait. */
async function replayAll(target: ReplayTarget): Promise<void> {
  const client = new pg.Client({ connectionString: target.databaseUrl })
  await client.connect()
  const groups = WAITING.map((name) => [name])
  const others = names.filter((name) => !WAITING.includes(name) && !ALONE.includes(name))
  for (const [index, name] of others.entries()) groups[index % groups.length]?.push(name)
  const runs: Promise<void>[] = []
  for (const group of groups) {
    runs.push(replay(target, group, report))
    // A replay names its schemas after the millisecond it began in, so no two may begin in the same.
    await vi.waitFor(async () => expect(await countReplays(client)).toBe(runs.length), {
      timeout: 30_000,
      interval: 20,
    })
  }
  await client.end()
  await Promise.all(runs)
  await replay(target, ALONE, report)
}

async function countReplays(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(DISTINCT split_part(nspname, '_', 1))::int AS count FROM pg_namespace WHERE nspname LIKE 'rp%'`,
  )
  return rows[0].count
}
