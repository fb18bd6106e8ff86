import type { PGlite } from '@electric-sql/pglite'
import { packQueryFailure } from '../protocol/query-failure.ts'

/**
 * Lets the SQLSTATE of an error reach the page. PGlite's worker calls these two without options for a page, and with
 * options for itself, whose errors stay as they are.
 */
export function reportSqlStates(pg: PGlite): void {
  const execProtocolStream = pg.execProtocolStream.bind(pg)
  pg.execProtocolStream = (message, options) =>
    execProtocolStream(message, options).catch((error: unknown) => {
      throw options ? error : packed(error)
    })
  const execProtocol = pg.execProtocol.bind(pg)
  pg.execProtocol = (message, options) =>
    execProtocol(message, options).catch((error: unknown) => {
      throw options ? error : packed(error)
    })
}

function packed(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error
  return new Error(packQueryFailure({ message: error.message, code: error.code }), { cause: error })
}
