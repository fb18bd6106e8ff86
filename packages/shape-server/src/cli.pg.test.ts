import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { cleanUp } from './testing/harness.ts'

function start(variables: Record<string, string>): {
  child: ChildProcess
  lines: Record<string, unknown>[]
  ended: Promise<number | null>
} {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./cli.ts', import.meta.url))], {
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Record<string, unknown>[] = []
  let rest = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map((line) => JSON.parse(line)))
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  cleanUp(async () => child.kill('SIGKILL'))
  return { child, lines, ended }
}

const messages = (lines: Record<string, unknown>[]) => lines.map(({ message }) => message)

test('serves until it is told to stop, and then ends by itself', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const { child, lines, ended } = start({ DATABASE_URL: database.url, ELECTRIC_PORT: '0', ELECTRIC_SECRET: 'hush' })
  await expect.poll(() => messages(lines), { timeout: 15_000 }).toContain('listening')
  const { host, port } = lines.find(({ message }) => message === 'listening') ?? {}
  expect(host).toBe('127.0.0.1')
  expect((await fetch(`http://127.0.0.1:${port}/v1/shape?table=x&offset=-1`)).status).toBe(401)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test('at debug there is a line for every request, and never a secret or a value', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const { child, lines, ended } = start({
    DATABASE_URL: database.url,
    ELECTRIC_PORT: '0',
    ELECTRIC_SECRET: 'hush',
    ELECTRIC_LOG_LEVEL: 'debug',
  })
  await expect.poll(() => messages(lines), { timeout: 15_000 }).toContain('replication open')
  const { port } = lines.find(({ message }) => message === 'listening') ?? {}
  await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/v1/health`)).status).toBe(200)
  const query = new URLSearchParams({ table: 'items', offset: '-1', secret: 'hush', where: "id = 'private'" })
  const response = await fetch(`http://127.0.0.1:${port}/v1/shape?${query}`)
  await response.text()
  const requestId = response.headers.get('x-request-id')
  await expect
    .poll(() => lines)
    .toContainEqual(
      expect.objectContaining({ message: 'request', requestId, method: 'GET', path: '/v1/shape', status: 400 }),
    )
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(JSON.stringify(lines)).not.toMatch(/hush|private/)
})

test('it warns when everybody may read from elsewhere', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const { child, lines, ended } = start({
    DATABASE_URL: database.url,
    ELECTRIC_PORT: '0',
    ELECTRIC_INSECURE: 'true',
    ELECTRIC_HOST: '0.0.0.0',
  })
  await expect.poll(() => messages(lines), { timeout: 15_000 }).toContain('listening')
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', host: '0.0.0.0' }))
  child.kill('SIGINT')
  expect(await ended).toBe(0)
})

test('a database that cannot be had ends it with 1 and says so', async () => {
  const { lines, ended } = start({ DATABASE_URL: 'postgresql://u:hush@127.0.0.1:1/none', ELECTRIC_INSECURE: 'true' })
  expect(await ended).toBe(1)
  expect(messages(lines).at(-1)).toContain('could not start')
  expect(JSON.stringify(lines)).not.toContain('hush')
})

test.each([
  ['DATABASE_URL', { ELECTRIC_SECRET: 'hush' }],
  ['ELECTRIC_SECRET', { DATABASE_URL: 'postgresql://localhost/none' }],
  ['ELECTRIC_PORT', { DATABASE_URL: 'postgresql://localhost/none', ELECTRIC_SECRET: 'hush', ELECTRIC_PORT: 'http' }],
])('refuses to start and names %s', async (name, variables) => {
  const { lines, ended } = start(variables as Record<string, string>)
  expect(await ended).toBe(2)
  expect(messages(lines)).toEqual([expect.stringContaining(name)])
})

test('it can be stopped while it still waits for the database', { timeout: 60_000 }, async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const writer = new pg.Client({ connectionString: database.url })
  await writer.connect()
  cleanUp(() => writer.end())
  // A slot begins only when the transactions that are open now are over.
  await writer.query('BEGIN; CREATE TABLE items (id int)')
  const { child, lines, ended } = start({
    DATABASE_URL: database.url,
    ELECTRIC_PORT: '0',
    ELECTRIC_SECRET: 'hush',
    ELECTRIC_LOG_LEVEL: 'debug',
  })
  await expect
    .poll(() => messages(lines), { timeout: 40_000 })
    .toContain('creating slot, once the open transactions are over')
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(messages(lines).at(-1)).toBe('stopped')
})
