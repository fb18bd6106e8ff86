/** What the log keeps of an error. */
export interface LoggableError {
  name: string
  /** SQLSTATE of Postgres, or what Node and our own errors call the failure. */
  code?: string
  message?: string
  /** Frames only. */
  stack?: string
  cause?: LoggableError
}

const MAX_CAUSES = 5

/**
 * An error without what a visitor typed. Errors of the database repeat it: Drizzle's carry the query's parameters in
 * the message, Postgres' carry the row in `detail` and a value at the end of some messages, and a failed JSON.parse
 * quotes the text. So fields are picked, never copied.
 */
export function loggableError(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code } = error as { code?: unknown }
  const message = messageOf(error)
  const stack = framesOf(error)
  return {
    name: error.name === 'Error' ? error.constructor.name : error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(message ? { message } : {}),
    ...(stack ? { stack } : {}),
    ...(error.cause instanceof Error && depth < MAX_CAUSES ? { cause: loggableError(error.cause, depth + 1) } : {}),
  }
}

function messageOf(error: Error): string {
  if (isFailedQuery(error)) return error.cause instanceof Error ? messageOf(error.cause) : 'a query failed'
  if (error instanceof SyntaxError) return 'the text could not be parsed'
  // As in: invalid input syntax for type uuid: "…". Class 22 of SQLSTATE is about the data itself.
  if (isDataException(error)) return error.message.replace(/: ".*$/s, '')
  return error.message
}

/** A DrizzleQueryError, also one of another copy of the module. */
const isFailedQuery = (error: Error) => 'query' in error && 'params' in error

const isDataException = (error: Error) => /^22[0-9A-Z]{3}$/.test(String((error as { code?: unknown }).code ?? ''))

/** A stack begins with the message as it was, which may have several lines and look like frames itself. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')
}
