/** What is left of an error of Postgres when it has passed between worker and page. */
export interface QueryFailure {
  message: string
  /** SQLSTATE. */
  code: string
}

const MARK = 'landfall-query-failure:'

/** PGlite hands a page nothing but an error's message, so the rest travels in it. */
export function packQueryFailure({ message, code }: QueryFailure): string {
  return `${MARK}${JSON.stringify({ message, code })}`
}

/** Undefined for a message that nobody packed. */
export function unpackQueryFailure(message: string): QueryFailure | undefined {
  if (!message.startsWith(MARK)) return undefined
  const failure: QueryFailure = JSON.parse(message.slice(MARK.length))
  return failure
}
