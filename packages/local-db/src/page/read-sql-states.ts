import type { PGliteWorker } from '@electric-sql/pglite/worker'
import { unpackQueryFailure } from '../protocol/query-failure.ts'

/** An error of Postgres as the page sees it. */
export class PostgresError extends Error {
  override name = 'PostgresError'
  /** SQLSTATE. */
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** The other side of the worker's `reportSqlStates`: errors get their message back, and their code. */
export function readSqlStates(pg: Pick<PGliteWorker, 'execProtocol' | 'execProtocolStream'>): void {
  const execProtocolStream = pg.execProtocolStream.bind(pg)
  pg.execProtocolStream = (message) => execProtocolStream(message).catch(rethrow)
  const execProtocol = pg.execProtocol.bind(pg)
  pg.execProtocol = (message) => execProtocol(message).catch(rethrow)
}

function rethrow(error: unknown): never {
  const failure = error instanceof Error ? unpackQueryFailure(error.message) : undefined
  throw failure ? new PostgresError(failure.message, failure.code) : error
}
