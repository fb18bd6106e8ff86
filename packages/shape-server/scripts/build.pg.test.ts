import { execFile, spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { cleanUp, eventually } from '../src/testing/harness.ts'
import { ask, ShapeReader } from '../src/testing/shape-reader.ts'

// The package as somebody else gets it: packed, unpacked, with nothing but its dependencies, on a plain Node.

const run = promisify(execFile)
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const { dependencies } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'))

let folder: string
const installed = () => join(folder, 'node_modules', '@landfall', 'shape-server')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shape-server-package-'))
  await run('pnpm', ['pack', '--pack-destination', folder], { cwd: PACKAGE })
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? ''
  await mkdir(installed(), { recursive: true })
  await run('tar', ['-xzf', join(folder, archive), '--strip-components=1', '-C', installed()])
  for (const name of Object.keys(dependencies)) {
    await symlink(realpathSync(join(PACKAGE, 'node_modules', name)), join(folder, 'node_modules', name))
  }
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The machine's own Node, which may be older than the one of the workspace; else that one. */
function machineNode(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((path) => !path.includes(`node_modules${sep}`))
  return folders.map((path) => join(path, 'node')).find((path) => existsSync(path)) ?? process.execPath
}

const manifest = async () => JSON.parse(await readFile(join(installed(), 'package.json'), 'utf8'))
const bin = async () => join(installed(), (await manifest()).bin['landfall-shape-server'])

test('it needs only packages that everybody can get', async () => {
  const { dependencies: packed, private: isPrivate } = await manifest()
  expect(isPrivate).toBeUndefined()
  for (const version of Object.values(packed)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
})

test('it says how it is used and which version it is, and ends with 2 when it is misused', async () => {
  const node = machineNode()
  expect((await run(node, [await bin(), '--help'])).stdout).toContain('--database-url URL')
  expect((await run(node, [await bin(), '--version'])).stdout.trim()).toBe((await manifest()).version)
  await expect(run(node, [await bin(), '--unheard-of'])).rejects.toMatchObject({
    code: 2,
    stdout: expect.stringContaining('--unheard-of'),
  })
})

test('it serves a shape with a where clause, and a signal ends it although clients wait', {
  timeout: 60_000,
}, async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items SELECT generate_series(1, 9)`)
  await client.end()

  const args = ['--database-url', database.url, '--port', '0', '--secret', 'hush']
  const child = spawn(machineNode(), [await bin(), ...args], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] })
  cleanUp(async () => child.kill('SIGKILL'))
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const server = await eventually(() => {
    const listening = output.split('\n').find((line) => line.includes('"listening"'))
    return { url: `http://127.0.0.1:${JSON.parse(listening ?? '').port}` }
  })
  const health = async () => (await fetch(`${server.url}/v1/health`)).json()
  await eventually(async () => expect(await health()).toEqual({ status: 'active' }))

  const query = { table: 'items', where: 'id > $1', 'params[1]': '6', secret: 'hush' }
  const reader = await new ShapeReader(server, query).catchUp()
  expect(reader.rows.size).toBe(3)
  const waiting = { ...query, handle: reader.handle, offset: reader.offset, live: 'true' }
  const live = ask(server, waiting)
  // What was asked before is waiting when this is answered.
  await ask(server, { ...query, offset: 'now' })
  child.kill('SIGTERM')
  expect((await live).status).toBe(200)
  expect(await ended).toBe(0)
  expect(output).not.toContain('hush')
})

test('its types are there for a program that uses it', { timeout: 60_000 }, async () => {
  const program = `import { startShapeServer, type LogLine } from '@landfall/shape-server'
    const server = await startShapeServer({ databaseUrl: '', log: (line: LogLine) => void line.level })
    const url: string = server.url
    // @ts-expect-error: a port is a number
    await startShapeServer({ databaseUrl: url, port: '1' })`
  await writeFile(join(folder, 'program.mts'), program)
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', 'program.mts']
  const checked = await run(process.execPath, [tsc, ...flags], { cwd: folder }).catch((error) => error)
  expect(checked.stdout).toBe('')
})
