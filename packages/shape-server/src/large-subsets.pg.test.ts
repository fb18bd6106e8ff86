import { spawn } from 'node:child_process'
import { readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from '@landfall/embedded-postgres'
import { expect, test } from 'vitest'
import type { LogLine } from './log.ts'
import { cleanUp, eventually, startHarness } from './testing/harness.ts'
import { keepShapes } from './testing/kept-shapes.ts'
import { openRawConnection } from './testing/raw-connection.ts'
import { ask, type Message } from './testing/shape-reader.ts'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))
const SUBSET = { table: 'items', offset: '-1', log: 'changes_only', subset__where: 'true' }
const TARGET = `/v1/shape?${new URLSearchParams(SUBSET)}`
const rows = (count: number) => `
  CREATE TABLE items (id int PRIMARY KEY, title text, done boolean);
  INSERT INTO items SELECT id, repeat('é', 500) || id, id % 2 = 0 FROM generate_series(1, ${count}) id`
const dataOf = (json: unknown) => (json as { data: Message[] }).data

/** The files of this process, or of another one, that have no name any more. */
async function namelessFiles(pid: string | number, folder: string): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`)
  const paths = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
  return paths.filter((path) => path.includes(folder) && path.endsWith('(deleted)'))
}

test('a subset larger than memory is meant for is the rows that were asked for, in their order', async () => {
  const { server, sql } = await startHarness(rows(5_000))
  const { status, json, headers } = await ask(server, { ...SUBSET, subset__order_by: 'done DESC, id DESC' })
  const expected = await sql('SELECT id, title, done::text FROM items ORDER BY done DESC, id DESC')
  expect(status).toBe(200)
  expect(dataOf(json).map(({ value }) => value)).toEqual(expected)
  const { metadata } = json as { metadata: { snapshot_mark: number } }
  expect(new Set(dataOf(json).map(({ headers }) => headers.snapshot_mark))).toEqual(new Set([metadata.snapshot_mark]))
  expect(Number(headers.get('content-length'))).toBeGreaterThan(5_000_000)
  const head = await ask(server, SUBSET, { method: 'HEAD' })
  expect([head.status, head.headers.get('electric-snapshot'), head.json]).toEqual([200, 'true', undefined])
})

test('no rows, and columns with the names of what is selected, are no exception', async () => {
  const { server } = await startHarness(`
    CREATE TABLE items (id int PRIMARY KEY, concat int); INSERT INTO items VALUES (1, 3), (2, 20), (3, 100)`)
  const none = await ask(server, { ...SUBSET, subset__where: 'id > 3' })
  expect([none.status, dataOf(none.json)]).toEqual([200, []])
  const { json } = await ask(server, { ...SUBSET, subset__order_by: 'concat DESC' })
  expect(dataOf(json).map(({ value }) => value?.concat)).toEqual(['100', '20', '3'])
})

test.runIf(process.platform === 'linux')('who does not read costs no memory, and no disk once he is gone', async () => {
  const kept = await keepShapes(rows(60_000))
  const port = await freePort(44_000)
  const child = spawn(process.execPath, [CLI], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: kept.databaseUrl,
      ELECTRIC_STORAGE_DIR: kept.storageDir,
      ELECTRIC_PORT: String(port),
      ELECTRIC_INSECURE: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanUp(async () => child.kill('SIGKILL'))
  for await (const line of createInterface(child.stdout)) {
    if (JSON.parse(line).message === 'replication open') break
  }
  child.stdout.resume()
  const server = { url: `http://127.0.0.1:${port}` }
  const memory = async (field: 'VmRSS' | 'VmHWM') => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    return Number(new RegExp(`${field}:\\s*(\\d+) kB`).exec(status)?.[1]) * 1024
  }
  await eventually(async () => expect((await ask(server, SUBSET)).status).toBe(200))
  // What compiling the parser took for a moment is given back, and the peak begins anew.
  await eventually(async () => expect(await memory('VmRSS')).toBeLessThan(350_000_000))
  await writeFile(`/proc/${child.pid}/clear_refs`, '5')
  const before = await memory('VmHWM')
  const deaf = await Promise.all([1, 2, 3, 4].map(() => openRawConnection(server.url)))
  for (const connection of deaf) {
    connection.socket.pause()
    connection.send(`GET ${TARGET} HTTP/1.1\r\nhost: x\r\n\r\n`)
  }
  const folder = join(kept.storageDir, 'spools')
  await eventually(async () => expect(await namelessFiles(child.pid ?? 0, folder)).toHaveLength(4))
  const { json } = await ask(server, SUBSET)
  expect(dataOf(json)).toHaveLength(60_000)
  // Five answers of 66 MB each, which took 900 MB when they were made in memory.
  expect((await memory('VmHWM')) - before).toBeLessThan(150_000_000)
  for (const { socket } of deaf) socket.destroy()
  await eventually(async () => expect(await namelessFiles(child.pid ?? 0, folder)).toEqual([]))
})

test('a subset that nobody wants any more is cancelled, and is no error', async () => {
  const lines: LogLine[] = []
  // A minute and more in which no row comes.
  const slowRows = `INSERT INTO items SELECT id, repeat('a', 1000000), true FROM generate_series(2, 300) id`
  const { server, sql } = await startHarness(`${rows(1)}; ${slowRows}`, { log: (line) => lines.push(line) })
  const slow = { ...SUBSET, subset__where: `title LIKE '%${'a'.repeat(200)}c%'` }
  const running = () =>
    sql(`SELECT FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active'
    AND datname = current_database()`)
  const aborter = new AbortController()
  const given = ask(server, slow, { signal: aborter.signal })
  await eventually(async () => expect(await running()).toHaveLength(1))
  aborter.abort()
  await expect(given).rejects.toThrow()
  await eventually(async () => expect(await running()).toEqual([]))
  expect((await ask(server, { ...SUBSET, subset__where: 'id = 1' })).status).toBe(200)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})
