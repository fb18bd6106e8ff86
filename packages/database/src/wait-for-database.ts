import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const POLL_MS = 500
/** A host that swallows packets would hold one attempt for minutes. */
const CONNECT_WITHIN_MS = 5_000
/** What a database answers that is there and will not have us, however long we wait. */
const FINAL = /^(28|3D)/

/**
 * Resolves when the database takes a connection.
 *
 * @throws the last error, when it did not within `waitMs`, or at once when it refused the login or has no such database
 */
export async function waitForDatabase(url: string, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS })
    try {
      await client.connect()
      return
    } catch (error) {
      const code = String((error as { code?: unknown }).code ?? '')
      if (FINAL.test(code) || performance.now() >= deadline) throw error
    } finally {
      await client.end().catch(() => {})
    }
    await delay(POLL_MS)
  }
}
