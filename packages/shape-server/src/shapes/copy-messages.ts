import { to as copyTo } from 'pg-copy-streams'
import { type DatabaseClient, destroyConnection, sqlState } from '../database.ts'

/** JSON has neither of these characters, so that no row is quoted: what comes are the messages as they stand, a line each. */
const FORMAT = `FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ESCAPE E'\\x01'`

/**
 * The messages that a query like that of `selectMessages` makes, in pieces that may end anywhere. Whoever stops reading
 * ends the connection.
 */
export async function* copyMessages(client: DatabaseClient, query: string): AsyncGenerator<Buffer> {
  let isOver = false
  try {
    yield* client.query(copyTo(`COPY (${query}) TO STDOUT (${FORMAT})`)) as AsyncIterable<Buffer>
    isOver = true
  } catch (error) {
    isOver = sqlState(error) !== undefined
    throw error
  } finally {
    // Else Postgres would go on sending to a connection that nobody reads.
    if (!isOver) destroyConnection(client)
  }
}
