import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { inject } from 'vitest'
import { RAW_TEXT } from '../database.ts'
import { type ShapeServer, type ShapeServerOptions, startShapeServer } from '../shape-server.ts'
import { cleanUp } from './clean-up.ts'

export { cleanUp } from './clean-up.ts'
export { eventually } from './eventually.ts'

export interface Harness {
  server: ShapeServer
  databaseUrl: string
  /** Runs SQL; every value comes back as text. */
  sql(text: string, values?: unknown[]): Promise<Record<string, string | null>[]>
  /** A connection of its own, for transactions that stay open. */
  connect(): Promise<pg.Client>
}

/** A shape server on a database of its own; both are gone after the test. */
export async function startHarness(setup: string, options: Partial<ShapeServerOptions> = {}): Promise<Harness> {
  const database = await createTestDatabase(inject('postgresUrl'))
  cleanUp(() => database.drop())
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.url, types: RAW_TEXT })
    client.on('error', () => {})
    await client.connect()
    cleanUp(() => client.end())
    return client
  }
  const main = await connect()
  await main.query(setup)
  const server = await startShapeServer({ databaseUrl: database.url, ...options })
  cleanUp(() => server.stop())
  return {
    server,
    databaseUrl: database.url,
    connect,
    sql: async (text, values) => (await main.query(text, values)).rows,
  }
}
