import { type Database, type DatabaseClient, destroyConnection } from '../database.ts'

/**
 * Runs a query that Postgres breaks off when the signal is aborted, even if it would not send a row for long. Throws the
 * reason of the signal then; the connection must not be used again.
 */
export async function cancelOnAbort(
  { database, client }: { database: Database; client: DatabaseClient },
  signal: AbortSignal,
  run: () => Promise<void>,
): Promise<void> {
  signal.throwIfAborted()
  const { rows } = await client.query<{ pid: string }>('SELECT pg_backend_pid() AS pid')
  let cancelling: Promise<unknown> | undefined
  const cancel = () => {
    cancelling = database.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]).catch(() => destroyConnection(client))
  }
  signal.addEventListener('abort', cancel)
  try {
    signal.throwIfAborted()
    await run()
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', cancel)
    // While the connection is ours: it must not hit somebody else's query.
    await cancelling
  }
  signal.throwIfAborted()
}
