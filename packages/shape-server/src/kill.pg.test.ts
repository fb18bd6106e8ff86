import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@landfall/embedded-postgres'
import pg from 'pg'
import { expect, test } from 'vitest'
import { cleanUp, eventually } from './testing/harness.ts'
import { type KeptShapes, keepShapes } from './testing/kept-shapes.ts'
import { seededRandom } from './testing/seeded-random.ts'
import { ShapeReader } from './testing/shape-reader.ts'

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url))
const KILLS = 4
const PATIENCE_MS = 60_000
/** No more than the server can follow on a slow machine. */
const PAUSE_MS = 5

/** A server of its own process, so that it can be killed. */
async function startProcess({ databaseUrl, storageDir }: KeptShapes, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLI], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      ELECTRIC_STORAGE_DIR: storageDir,
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
  return child
}

/** Small and large transactions, until told to stop. */
async function write(databaseUrl: string, seed: number, isOver: () => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const random = seededRandom(seed)
  while (!isOver()) {
    const id = random.integer(200)
    const statement = [
      `INSERT INTO items VALUES (${id}, ${random.integer(10)}, 'x') ON CONFLICT (id) DO UPDATE SET n = EXCLUDED.n`,
      `UPDATE items SET n = ${random.integer(10)}, t = repeat('y', ${random.integer(2_000)}) WHERE id = ${id}`,
      `DELETE FROM items WHERE id = ${id}`,
      `UPDATE items SET n = (n + 1) % 10 WHERE id % ${1 + random.integer(5)} = 0`,
      `INSERT INTO items SELECT i, i % 10, 'many' FROM generate_series(1000, ${1_000 + random.integer(2_000)}) i ON CONFLICT DO NOTHING`,
      'DELETE FROM items WHERE id >= 1000',
    ][random.integer(6)]
    await client.query(statement ?? 'SELECT')
    await delay(PAUSE_MS)
  }
  await client.end()
}

test.each([1, 2, 3])(
  'what a client has got stays good when the server is killed amid writes: seed %i',
  { timeout: 180_000 },
  async (seed) => {
    const kept = await keepShapes('CREATE TABLE items (id int PRIMARY KEY, n int, t text)')
    const port = await freePort(40_000 + seed * 100)
    const random = seededRandom(seed)
    let isOver = false
    const writer = write(kept.databaseUrl, seed, () => isOver)
    const wheres = ['true', 'n = 3', 'n > 5 AND id < 1000']
    const readers = wheres.map(
      (where) => new ShapeReader({ url: `http://127.0.0.1:${port}` }, { table: 'items', where }),
    )
    const handles = new Set<string>()
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await startProcess(kept, port)
      // A few rounds of reading, then the end comes at any moment.
      for (let round = 0; round < 4; round += 1) {
        for (const reader of readers) await eventually(() => reader.catchUp(), PATIENCE_MS)
      }
      for (const { handle } of readers) {
        handles.add(handle)
        // From then on a shape outlives its server.
        await eventually(() => access(join(kept.storageDir, 'shapes', handle, 'shape.json')))
      }
      const dying = Promise.allSettled(readers.map((reader) => reader.catchUp()))
      await delay(random.integer(40))
      server.kill('SIGKILL')
      await once(server, 'exit')
      await dying
    }
    isOver = true
    await writer

    await startProcess(kept, port)
    await kept.sql(`INSERT INTO items VALUES (-1, 3, 'marker'), (-2, 9, 'marker')`)
    for (const [index, reader] of readers.entries()) {
      await eventually(async () => {
        await reader.catchUp()
        expect([...reader.rows.values()].some(({ t }) => t === 'marker')).toBe(true)
      })
      const expected = await kept.sql(`SELECT * FROM items WHERE ${wheres[index]} ORDER BY id`)
      const actual = [...reader.rows.values()].sort((a, b) => Number(a.id) - Number(b.id))
      expect(actual).toEqual(expected)
    }
    // The strictness of the readers shows that nothing came twice; no log was begun anew.
    expect(handles.size).toBe(wheres.length)
  },
)
