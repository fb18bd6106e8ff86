import type { Server, ServerOptions } from 'node:http'
import type { Duplex } from 'node:stream'

/** What one connection may cost before any request of it is looked at. */
export const CONNECTION_LIMITS = {
  /** Request line and headers together; a longer where clause goes by POST. */
  maxHeaderSize: 64 * 1024,
  /** A client that sends its headers, or its whole request, by drops. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  /** Longer than proxies keep theirs, so that they are the ones who close. */
  keepAliveTimeout: 65_000,
} as const satisfies ServerOptions

/** Requests that one connection may have in work, the one that is being answered included. */
export const MOST_PIPELINED = 16

const STATUS: Record<string, { status: string; message: string }> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: `URL and headers are larger than ${CONNECTION_LIMITS.maxHeaderSize} bytes`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request took too long to arrive' },
}
const MALFORMED = { status: '400 Bad Request', message: 'The request is not HTTP' }

/** A pool of a client opens connections ahead: an answer to no request would be taken for that of its first one. */
const isUnused = (socket: Duplex) => 'bytesRead' in socket && socket.bytesRead === 0

/** Answers what never becomes a request, in the form of the other answers. */
export function answerBrokenRequests(server: Server, isAnswering: (socket: Duplex) => boolean): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer another one would be read as its body.
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket) || isUnused(socket)) {
      socket.destroy()
      return
    }
    const { status, message } = STATUS[error.code ?? ''] ?? MALFORMED
    const body = JSON.stringify({ message })
    const head = [
      `HTTP/1.1 ${status}`,
      'content-type: application/json; charset=utf-8',
      'cache-control: no-store',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}
