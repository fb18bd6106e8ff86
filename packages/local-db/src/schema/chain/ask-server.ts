import { ANSWER_LIMITS, readSchemaAnswer, type SchemaAnswer, SchemaAnswerError } from './schema-answer.ts'

/** The server could not be asked, or could not answer now: worth another try. */
export class SchemaUnreachableError extends Error {
  override name = 'SchemaUnreachableError'
}

/**
 * Asks the server about a schema.
 *
 * @throws SchemaUnreachableError no network, no answer in time, 408, 425, 429 or 5xx
 * @throws SchemaAnswerError anything else that is no answer
 */
export type AskServer = (hash: string) => Promise<SchemaAnswer>

/** How long an opening waits for the server before it goes on without. */
const TIMEOUT_MS = 4_000

/** `url`: of the route, without its query. */
export function askServer(url: string, timeoutMs = TIMEOUT_MS): AskServer {
  return async (hash) => {
    const { status, text } = await fetchText(`${url}?hash=${hash}`, timeoutMs)
    if (status >= 500 || [408, 425, 429].includes(status))
      throw new SchemaUnreachableError(`The server answered ${status} when asked about the schema.`)
    if (status !== 200) throw new SchemaAnswerError(`The server answered ${status} when asked about the schema.`)
    return readSchemaAnswer(text, hash)
  }
}

async function fetchText(url: string, timeoutMs: number): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), credentials: 'omit' })
    const announced = Number(response.headers.get('content-length'))
    if (announced > ANSWER_LIMITS.bytes)
      throw new SchemaAnswerError(`The answer about the schema has ${announced} bytes.`)
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    if (cause instanceof SchemaAnswerError) throw cause
    throw new SchemaUnreachableError('The server could not be asked about the schema.', { cause })
  }
}
