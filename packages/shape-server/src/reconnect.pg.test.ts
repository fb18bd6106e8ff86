import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, startPostgres } from '@landfall/embedded-postgres'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { startShapeServer } from './shape-server.ts'
import { cleanUp, eventually } from './testing/harness.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

async function run(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

test('after a restart of Postgres shapes begin anew and stay live', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-reconnect-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  const first = await startPostgres({ dataDir: join(folder, 'data') })
  cleanUp(() => rm(first.dataDir, { recursive: true, force: true }))
  await run(first.url(), 'CREATE TABLE items (id int PRIMARY KEY)')
  const server = await startShapeServer({ databaseUrl: first.url() })
  cleanUp(() => server.stop())
  const health = async () => (await fetch(`${server.url}/v1/health`)).status
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = ask(server, { table: 'items', offset: reader.offset, handle: reader.handle, live: 'true' })

  await first.stop()
  // Whoever waited is let go, and is told to come again while there is no database.
  expect([409, 503]).toContain((await live).status)
  const away = await ask(server, { table: 'items', offset: '-1' })
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await health()).toBe(202)

  const second = await startPostgres({ dataDir: join(folder, 'data'), port: first.port })
  cleanUp(() => second.stop())
  await eventually(async () => expect(await health()).toBe(200), 20_000)
  expect((await ask(server, { table: 'items', offset: reader.offset, handle: reader.handle })).status).toBe(409)
  const successor = await new ShapeReader(server, { table: 'items' }).catchUp()
  await run(second.url(), 'INSERT INTO items VALUES (1)')
  await eventually(async () => expect((await successor.catchUp()).rows.size).toBe(1))
})

test('once it has stopped nothing of it is left in Postgres but the publication', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  const server = await startShapeServer({ databaseUrl: database.url })
  await expect(database.drop()).rejects.toThrow('logical replication slot')
  await server.stop()
  // A database with a slot, even an unused one, cannot be dropped.
  await database.drop()
})
