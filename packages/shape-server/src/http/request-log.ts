import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { Answer } from './answer.ts'

/**
 * One line when the request is over, answered or not. The query is left out: it has the secret and values in it. Call
 * what it returns with the answer.
 */
export function logRequest(
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
  known: { path: string; requestId: string | undefined },
): (answer: Answer) => void {
  const startedAt = performance.now()
  let answer: Answer | undefined
  response.once('close', () => {
    log({
      level: 'debug',
      message: 'request',
      ...known,
      method: request.method,
      status: answer?.status,
      handle: answer?.headers['electric-handle'],
      offset: answer?.headers['electric-offset'],
      // False: the client was gone before the end.
      isComplete: response.writableFinished,
      ms: Math.round(performance.now() - startedAt),
    })
  })
  return (sent) => {
    answer = sent
  }
}
