import type { IncomingMessage } from 'node:http'

const MOST_BYTES = 1_000_000
/** A body up to this is read to its end although it is too large: clients look at an answer only after sending. */
const MOST_DISCARDED_BYTES = 16_000_000

export type RequestBody =
  | { kind: 'text'; text: string }
  | { kind: 'no-text' }
  | { kind: 'too-large'; mostBytes: number }

/** Reads a body that fits; rejects when the client breaks off. */
export function readBody(request: IncomingMessage): Promise<RequestBody> {
  const tooLarge: RequestBody = { kind: 'too-large', mostBytes: MOST_BYTES }
  if (Number(request.headers['content-length']) > MOST_DISCARDED_BYTES) return Promise.resolve(tooLarge)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MOST_BYTES) chunks.push(chunk)
      else chunks.length = 0
      if (size > MOST_DISCARDED_BYTES) {
        // Paused and not destroyed: the answer goes over the same connection.
        request.pause()
        resolve(tooLarge)
      }
    })
    request.once('end', () => resolve(size > MOST_BYTES ? tooLarge : decode(Buffer.concat(chunks))))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the client broke off its request')))
  })
}

function decode(body: Buffer): RequestBody {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return { kind: 'no-text' }
  }
}
