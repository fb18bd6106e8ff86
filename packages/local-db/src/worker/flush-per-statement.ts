import type { PGlite } from '@electric-sql/pglite'

const SIMPLE_QUERY = 'Q'.charCodeAt(0)
const decoder = new TextDecoder()
const encoder = new TextEncoder()

/**
 * Flushes to IndexedDB once a statement or transaction instead of once a protocol message.
 *
 * A tab's `syncToFs: false` is lost on its way to the worker, so each of the six messages of a query would be flushed.
 * PGlite itself flushes after every query outside a transaction, but not after COMMIT: that one is ours to add, or a
 * transaction would be acknowledged and lost.
 */
export function flushPerStatement(pg: PGlite): void {
  const execProtocolStream = pg.execProtocolStream.bind(pg)
  pg.execProtocolStream = async (message, options) => {
    const wasInTransaction = pg.isInTransaction()
    try {
      return await execProtocolStream(keepListening(message), { syncToFs: false, ...options })
    } finally {
      if (wasInTransaction && !pg.isInTransaction()) await pg.syncToFs()
    }
  }
}

/**
 * All tabs share one Postgres session, and a tab that drops its last live query of a table says UNLISTEN for everybody:
 * the other tabs' live queries would go silent. The session keeps listening; notifications nobody wants cost nothing.
 */
function keepListening(message: Uint8Array): Uint8Array {
  if (message[0] !== SIMPLE_QUERY) return message
  const sql = decoder.decode(message.subarray(5, 14)).toUpperCase()
  return sql.startsWith('UNLISTEN') ? simpleQuery('SELECT') : message
}

/** Wire form of a simple query: type, length of the rest, text, zero. */
export function simpleQuery(sql: string): Uint8Array {
  const text = encoder.encode(sql)
  const message = new Uint8Array(text.length + 6)
  message[0] = SIMPLE_QUERY
  new DataView(message.buffer).setUint32(1, text.length + 5)
  message.set(text, 5)
  return message
}
