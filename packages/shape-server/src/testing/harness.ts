import { createTestDatabase } from '@landfall/embedded-postgres'
import pg from 'pg'
import { afterEach, inject } from 'vitest'
import { RAW_TEXT } from '../database.ts'
import { type ShapeServer, type ShapeServerOptions, startShapeServer } from '../shape-server.ts'

export interface Harness {
  server: ShapeServer
  databaseUrl: string
  /** Runs SQL; every value comes back as text. */
  sql(text: string, values?: unknown[]): Promise<Record<string, string | null>[]>
  /** A connection of its own, for transactions that stay open. */
  connect(): Promise<pg.Client>
}

/** Run after the test, the last added first. */
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
export const cleanUp = (run: () => Promise<unknown>) => cleanUps.push(run)

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

/** Waits until the test holds; the last failure is thrown when it never does. */
export async function eventually<T>(test: () => T | Promise<T>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await test()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
