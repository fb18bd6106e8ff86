/**
 * Whose fault an error of the database is: the operation's (its content can never be stored), the batch's (the whole
 * transaction is lost, try again), or the server's (a bug or a resource: this operation waits, the others go on).
 */
export type Blame = 'operation' | 'batch' | 'server'

/** SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const BLAME_BY_CLASS: Record<string, Blame> = {
  '08': 'batch', // connection exception
  '22': 'operation', // data exception
  '23': 'operation', // integrity constraint violation
  '25': 'batch', // invalid transaction state
  '40': 'batch', // transaction rollback: deadlock, serialisation failure
  '53': 'batch', // insufficient resources
  '57': 'batch', // operator intervention: shutdown, crash, not yet started
}

/** Where the class does not tell: the transaction lives on, and what stood in the way may be this one operation's. */
const BLAME_BY_STATE: Record<string, Blame> = {
  '57014': 'server', // statement time-out, or cancelled by hand
  '55P03': 'server', // lock time-out
}

export function blameOf(error: unknown): Blame {
  const code = sqlState(error)
  // No word from Postgres: the connection is gone, or our own code failed, which the next operation may survive.
  if (code === undefined) return isConnectionLost(error) ? 'batch' : 'server'
  return BLAME_BY_STATE[code] ?? BLAME_BY_CLASS[code.slice(0, 2)] ?? 'server'
}

/** SQLSTATE or `connection`, as metrics name what a transaction died of; undefined for an error of our own code. */
export function codeOf(error: unknown): string | undefined {
  return sqlState(error) ?? (isConnectionLost(error) ? 'connection' : undefined)
}

function isConnectionLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
    if (/connection|client was closed|timeout/i.test(cause.message)) return true
  }
  return false
}

/** The SQLSTATE of a driver error, which Drizzle wraps; undefined when the connection itself failed. */
function sqlState(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown }
    // With a digit: EPIPE has five capitals too.
    if (typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}
