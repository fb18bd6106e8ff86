import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { type ShapeServer, type ShapeServerOptions, startShapeServer } from './shape-server.ts'
import { cleanUp, eventually } from './testing/harness.ts'
import { ownPostgres } from './testing/own-postgres.ts'
import { ask, ShapeReader } from './testing/shape-reader.ts'

const LONG = { timeout: 60_000 }

async function run(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}

async function storageDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'landfall-storage-'))
  cleanUp(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function start(options: ShapeServerOptions): Promise<ShapeServer> {
  const server = await startShapeServer(options)
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= server.stop()
    return stopping
  }
  cleanUp(stop)
  return { ...server, stop }
}

/** A database with `items`, whose slot is gone with it. */
async function itemsDatabase(): Promise<string> {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(async () => {
    await run(
      inject('postgresUrl'),
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '${database.name}'`,
    )
    await database.drop()
  })
  await run(database.url, 'CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)')
  return database.url
}

const health = async (server: ShapeServer) => {
  const response = await fetch(`${server.url}/v1/health`)
  return [response.status, ((await response.json()) as { status: string }).status]
}
const lastPosition = (messages: { headers: Record<string, unknown> }[]) =>
  BigInt(String(messages.at(-1)?.headers.global_last_seen_lsn))

test('with a folder, shapes go on after a restart of Postgres, and are read meanwhile', LONG, async () => {
  const postgres = await ownPostgres()
  await run(postgres.url(), 'CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)')
  const server = await start({ databaseUrl: postgres.url(), storageDir: await storageDir() })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const { handle } = reader
  const live = reader.next({ live: 'true' })
  await postgres.stop()
  await eventually(async () => expect(await health(server)).toEqual([202, 'waiting']))
  expect((await new ShapeReader(server, { table: 'items' }).catchUp()).rows.size).toBe(1)
  // A new one would need the database.
  const unknown = await ask(server, { table: 'items', where: 'id > 0', offset: '-1' })
  expect([unknown.status, unknown.headers.get('retry-after')]).toEqual([503, '1'])
  await postgres.start()
  await eventually(async () => expect(await health(server)).toEqual([200, 'active']), 20_000)
  await run(postgres.url(), 'INSERT INTO items VALUES (2)')
  await live
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(2))
  expect(reader.handle).toBe(handle)
})

test('without a folder, shapes begin anew after a restart of Postgres', LONG, async () => {
  const postgres = await ownPostgres()
  await run(postgres.url(), 'CREATE TABLE items (id int PRIMARY KEY)')
  const server = await start({ databaseUrl: postgres.url() })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = ask(server, { table: 'items', offset: reader.offset, handle: reader.handle, live: 'true' })
  await postgres.stop()
  await postgres.start()
  // Whoever waited is told to come again, or to begin anew.
  expect([409, 503]).toContain((await live).status)
  await eventually(async () => expect(await health(server)).toEqual([200, 'active']), 20_000)
  const successor = await new ShapeReader(server, { table: 'items' }).catchUp()
  expect(successor.handle).not.toBe(reader.handle)
  await run(postgres.url(), 'INSERT INTO items VALUES (1)')
  await eventually(async () => expect((await successor.catchUp()).rows.size).toBe(1))
})

test('after a restart of the server clients go on where they were, and their position never goes back', async () => {
  const databaseUrl = await itemsDatabase()
  const options = { databaseUrl, storageDir: await storageDir() }
  const first = await start(options)
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  await run(databaseUrl, 'INSERT INTO items VALUES (2)')
  await eventually(async () => expect((await reader.catchUp()).rows.size).toBe(2))
  const before = lastPosition(
    (await ask(first, { table: 'items', offset: reader.offset, handle: reader.handle })).messages,
  )
  await first.stop()
  await run(
    databaseUrl,
    'SET synchronous_commit = on; INSERT INTO items VALUES (3); UPDATE items SET id = 4 WHERE id = 1',
  )
  const second = await start(options)
  const resumed = await eventually(async () => {
    const reply = await ask(second, { table: 'items', offset: reader.offset, handle: reader.handle })
    expect(reply.status).toBe(200)
    return reply
  })
  expect(lastPosition(resumed.messages)).toBeGreaterThan(before)
  expect(resumed.messages.map(({ value }) => value?.id)).toEqual(['3', '1', '4', undefined])
})

test('a server whose slot was taken away starts over', async () => {
  const databaseUrl = await itemsDatabase()
  const options = { databaseUrl, storageDir: await storageDir() }
  const first = await start(options)
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  await first.stop()
  await run(
    databaseUrl,
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()',
  )
  await run(databaseUrl, 'INSERT INTO items VALUES (2)')
  const second = await start(options)
  expect((await ask(second, { table: 'items', offset: reader.offset, handle: reader.handle })).status).toBe(409)
  expect((await new ShapeReader(second, { table: 'items' }).catchUp()).rows.size).toBe(2)
})

test('a second server says that it waits, and takes over folder, slot and handles when the first is gone', async () => {
  const databaseUrl = await itemsDatabase()
  const options = { databaseUrl, storageDir: await storageDir() }
  const first = await start(options)
  const reader = await new ShapeReader(first, { table: 'items' }).catchUp()
  const second = await start(options)
  expect(await health(second)).toEqual([202, 'waiting'])
  const early = await ask(second, { table: 'items', offset: '-1' })
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1'])
  await first.stop()
  await eventually(async () => expect(await health(second)).toEqual([200, 'active']))
  await run(databaseUrl, 'INSERT INTO items VALUES (2)')
  await eventually(async () => {
    const { messages } = await ask(second, { table: 'items', offset: reader.offset, handle: reader.handle })
    expect(messages[0]?.value).toEqual({ id: '2' })
  })
})

test('a transaction of many rows arrives as a whole, and live', LONG, async () => {
  const databaseUrl = await itemsDatabase()
  const server = await start({ databaseUrl, storageDir: await storageDir() })
  const reader = await new ShapeReader(server, { table: 'items' }).catchUp()
  const live = reader.next({ live: 'true' })
  await run(databaseUrl, 'INSERT INTO items SELECT id FROM generate_series(2, 5001) id')
  const { messages } = await live
  await reader.catchUp()
  expect(reader.rows.size).toBe(5_001)
  expect(reader.changes.filter(({ headers }) => headers.last)).toHaveLength(1)
  expect(messages.length).toBeGreaterThanOrEqual(5_000)
})

test('without a folder nothing of it is left in Postgres but the publication', async () => {
  const database = await createTestDatabase(inject('postgresUrl'))
  const server = await startShapeServer({ databaseUrl: database.url })
  await expect(database.drop()).rejects.toThrow('logical replication slot')
  await server.stop()
  // A database with a slot, even an unused one, cannot be dropped.
  await database.drop()
})
