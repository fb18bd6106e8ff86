/**
 * Postgres refused a statement. The message is its own; the values of the statement stand in no field, so that the error
 * may be logged.
 */
export class LocalQueryError extends Error {
  override name = 'LocalQueryError'
  /** SQLSTATE, e.g. `23505`; null where the database engine failed rather than Postgres. */
  readonly code: string | null
  /** The statement, with `$1` for values. */
  readonly sql: string

  constructor(cause: unknown, sql: string) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.code = sqlStateOf(cause)
    this.sql = sql
  }
}

/**
 * The worker that had the statement is gone. A read may simply be made again; whether a transaction was committed is not
 * known.
 */
export class ConnectionLostError extends Error {
  override name = 'ConnectionLostError'
  constructor(options?: ErrorOptions) {
    super('The worker that ran the statement is gone. Nobody knows whether it still did it.', options)
  }
}

/** `db.drizzle` only reads. */
export class ReadOnlyError extends Error {
  override name = 'ReadOnlyError'
  constructor() {
    super('db.drizzle only reads. Write with db.write((tx) => …).')
  }
}

function sqlStateOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  return typeof cause.code === 'string' && /^[0-9A-Z]{5}$/.test(cause.code) ? cause.code : null
}
