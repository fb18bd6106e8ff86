import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { answerBrokenRequests, CONNECTION_LIMITS, MOST_PIPELINED } from './connection-limits.ts'
import { type RouteOptions, respond } from './routes.ts'

export interface HttpServerOptions extends RouteOptions {
  /** A client that takes nothing of its answer for this long is given up; longer than any wait for a change. */
  stallTimeoutMs: number
  connectionLimits?: Partial<Record<keyof typeof CONNECTION_LIMITS, number>>
}

export interface HttpServer {
  server: Server
  /** Answers who waits, ends event streams, and closes what is still open after a moment. */
  stop(): Promise<void>
}

/** Slow readers have this long to take the rest of their answers when the server stops. */
const STOP_GRACE_MS = 500

/** Sockets and their limits; what is answered is up to the routes. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const inWork = new WeakMap<Duplex, number>()
  let isStopping = false
  const server = createServer({ ...CONNECTION_LIMITS, ...options.connectionLimits }, (request, response) => {
    const { socket } = request
    if (!count(inWork, socket, response)) {
      socket.destroy()
      return
    }
    const abandoned = new AbortController()
    response.on('close', () => abandoned.abort())
    if (isStopping) response.setHeader('connection', 'close')
    respond(options, request, response, abandoned.signal).catch((error: unknown) => {
      if (!abandoned.signal.aborted) options.log({ level: 'error', message: 'request failed', error: String(error) })
      response.destroy()
    })
  })
  server.setTimeout(options.stallTimeoutMs)
  answerBrokenRequests(server, (socket) => (inWork.get(socket) ?? 0) > 0)
  return {
    server,
    stop() {
      isStopping = true
      return new Promise((resolve) => {
        const end = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
        server.close(() => {
          clearTimeout(end)
          resolve()
        })
        options.waits.stop()
        closeWhenIdle(server)
      })
    },
  }
}

/** False when the connection has more in work than it may. */
function count(inWork: WeakMap<Duplex, number>, socket: Socket, response: ServerResponse): boolean {
  const now = (inWork.get(socket) ?? 0) + 1
  if (now > MOST_PIPELINED) return false
  inWork.set(socket, now)
  response.once('close', () => inWork.set(socket, (inWork.get(socket) ?? 1) - 1))
  return true
}

/** Connections of answers that were already under way when the server began to stop. */
function closeWhenIdle(server: Server): void {
  const check = setInterval(() => server.closeIdleConnections(), 20)
  server.once('close', () => clearInterval(check))
}
