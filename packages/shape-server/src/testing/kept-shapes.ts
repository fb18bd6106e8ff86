import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { inject } from 'vitest'
import { RAW_TEXT } from '../database.ts'
import { type ShapeServer, type ShapeServerOptions, startShapeServer } from '../shape-server.ts'
import { cleanUp } from './clean-up.ts'
import { eventually } from './eventually.ts'

export interface KeptShapes {
  databaseUrl: string
  storageDir: string
  sql(text: string, values?: unknown[]): Promise<Record<string, string | null>[]>
  /** Starts a server on the database and the folder; it is stopped after the test if not before. */
  start(options?: Partial<ShapeServerOptions>): Promise<ShapeServer>
}

/** A database and a folder for shapes, to be served more than once. */
export async function keepShapes(setup: string): Promise<KeptShapes> {
  const database = await createTestDatabase(inject('postgresUrl'))
  const client = new pg.Client({ connectionString: database.url, types: RAW_TEXT })
  client.on('error', () => {})
  await client.connect()
  cleanUp(async () => {
    // A database with a slot cannot be dropped.
    await eventually(() =>
      client.query(
        'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()',
      ),
    )
    await client.end()
    await database.drop()
  })
  await client.query(setup)
  const storageDir = await mkdtemp(join(tmpdir(), 'landfall-kept-'))
  cleanUp(() => rm(storageDir, { recursive: true, force: true }))
  return {
    databaseUrl: database.url,
    storageDir,
    sql: async (text, values) => (await client.query(text, values)).rows,
    async start(options = {}) {
      const server = await startShapeServer({ databaseUrl: database.url, storageDir, ...options })
      cleanUp(() => server.stop())
      return server
    },
  }
}
