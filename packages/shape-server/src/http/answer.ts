import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FieldErrors } from '../shapes/definition-errors.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { Turns } from './turns.ts'

/** A complete answer; `body` is left out of the answer to HEAD. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body?: string | Buffer
  /** Sent piece by piece instead of a body, as fast as the client takes them. */
  pieces?: AsyncIterable<string | Buffer>
}

export const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

const UNCACHED_ERROR = { 'cache-control': CACHE_CONTROL.error, 'surrogate-control': 'no-store', ...JSON_TYPE }

export function invalidRequest(errors: FieldErrors): Answer {
  return { status: 400, headers: UNCACHED_ERROR, body: JSON.stringify({ message: 'Invalid request', errors }) }
}

export function mustRefetch(handle: string): Answer {
  return {
    status: 409,
    headers: {
      'cache-control': CACHE_CONTROL.mustRefetch,
      'electric-handle': handle,
      etag: `"${handle}:must-refetch"`,
      ...JSON_TYPE,
    },
    body: JSON.stringify([{ headers: { control: 'must-refetch' } }]),
  }
}

/** The service itself, not the request, is the reason. */
export function unavailable(message: string, retryAfterS: number): Answer {
  return {
    status: 503,
    headers: { ...UNCACHED_ERROR, 'retry-after': String(retryAfterS) },
    body: JSON.stringify({ message }),
  }
}

export const internalError: Answer = {
  status: 500,
  headers: UNCACHED_ERROR,
  body: JSON.stringify({ message: 'Internal server error' }),
}

export const notFound: Answer = {
  status: 404,
  headers: { 'cache-control': CACHE_CONTROL.private },
  body: 'Not found',
}

export async function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if (response.destroyed) return
  const isWithoutBody = request.method === 'HEAD'
  if (answer.pieces) {
    response.writeHead(answer.status, answer.headers)
    response.flushHeaders()
    if (!isWithoutBody) await sendPieces(response, answer.pieces)
    response.end()
    return
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0))
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status !== 204 && answer.status !== 304 && { 'content-length': String(body.length) }),
  })
  response.end(isWithoutBody ? undefined : body)
}

/** How much one answer may hand to the system before others have their turn. */
const TURN_BYTES = 65_536
const turns = new Turns()

async function sendPieces(response: ServerResponse, pieces: AsyncIterable<string | Buffer>): Promise<void> {
  let sinceTurn = 0
  for await (const piece of pieces) {
    sinceTurn += piece.length
    if (sinceTurn >= TURN_BYTES) {
      await turns.next()
      sinceTurn = 0
    }
    // What is left is not read for nobody.
    if (response.destroyed) return
    await write(response, piece)
  }
}

/** Waits for a slow client, for whom the pieces would else pile up in memory. */
async function write(response: ServerResponse, piece: string | Buffer): Promise<void> {
  if (response.destroyed || response.write(piece)) return
  await new Promise<void>((resolve) => {
    const resume = () => {
      response.off('drain', resume)
      response.off('close', resume)
      resolve()
    }
    response.on('drain', resume)
    response.on('close', resume)
  })
}
