import { rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LogLine } from './log.ts'
import { eventually } from './testing/harness.ts'
import { keepShapes } from './testing/kept-shapes.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const ITEMS = 'CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)'
const LONG = { timeout: 60_000 }

test(
  'while the disk takes nothing new shapes are refused for now, and those that fail are given up',
  LONG,
  async () => {
    const { storageDir, start, sql } = await keepShapes(ITEMS)
    const lines: LogLine[] = []
    const server = await start({ log: (line) => lines.push(line), flushIntervalMs: 50 })
    const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
    const live = ask(server, { table: 'items', handle: reader.handle, offset: reader.offset, live: 'true' })
    // As good as a disk that is gone.
    const shapes = join(storageDir, 'shapes')
    await rename(shapes, `${shapes}-away`)
    await writeFile(shapes, '')

    const refused = await ask(server, { table: 'items', where: 'id > 0', offset: '-1' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    await sql('INSERT INTO items VALUES (2)')
    // Shown from memory, before the disk has refused it; or given up by then.
    expect([200, 409, 503]).toContain((await live).status)
    await eventually(() => expect(lines).toContainEqual(expect.objectContaining({ message: 'shape not stored' })))
    expect((await ask(server, { table: 'items', offset: '-1' })).status).toBe(503)

    await rm(shapes)
    await rename(`${shapes}-away`, shapes)
    const successor = await new ShapeReader(server, { table: 'items' }).catchUp()
    expect([successor.rows.size, successor.handle === reader.handle]).toEqual([2, false])
  },
)

test.runIf(process.platform === 'linux')('Postgres keeps what a full disk has not taken', LONG, async () => {
  const { storageDir, start, sql } = await keepShapes(ITEMS)
  const server = await start({ flushIntervalMs: 50 })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const acknowledged = async () => {
    const [{ lsn } = {}] = await sql(
      `SELECT confirmed_flush_lsn - '0/0' AS lsn FROM pg_replication_slots WHERE database = current_database()`,
    )
    return Number(lsn)
  }
  const end = async () => Number((await sql(`SELECT pg_current_wal_lsn() - '0/0' AS lsn`))[0]?.lsn)
  await symlink('/dev/full', join(storageDir, 'storage.json.next')).catch(() => {})
  const before = await end()
  for (let id = 2; id < 20; id += 1) await sql('INSERT INTO items VALUES ($1)', [id])
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(19))
  expect(await acknowledged()).toBeLessThanOrEqual(before)
  await rm(join(storageDir, 'storage.json.next'))
  await eventually(async () => expect(await acknowledged()).toBeGreaterThan(before))
})
