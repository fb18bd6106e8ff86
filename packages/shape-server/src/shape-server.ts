import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database.ts'
import { Admission } from './http/admission.ts'
import { createHttpServer } from './http/http-server.ts'
import { REQUEST_LIMITS, type RequestLimits } from './http/request-limits.ts'
import { Waits } from './http/waits.ts'
import type { Log } from './log.ts'
import { ensurePublication } from './replication/publication.ts'
import { ReplicationSupervisor } from './replication/replication-supervisor.ts'
import { waitForSlotToEnd } from './replication/slot.ts'
import { ShapeService } from './shapes/shape-service.ts'

export interface ShapeServerOptions {
  databaseUrl: string
  /** 0 or left out: any free one. */
  port?: number
  /** Address to listen on; loopback when left out. */
  host?: string
  /** When given, every request for a shape must carry it. */
  secret?: string
  /** Beginning of the name of the temporary replication slot. */
  slotName?: string
  publicationName?: string
  /** How long a live request waits for a change. */
  liveTimeoutMs?: number
  /** A client that takes nothing of its answer for this long is given up; longer than any wait. */
  stallTimeoutMs?: number
  /** Requests in work at once, beyond which clients are told to come again. */
  requestLimits?: Partial<RequestLimits>
  allowShapeDeletion?: boolean
  log?: Log
}

export interface ShapeServer {
  url: string
  port: number
  /** Answers the waiting requests, ends event streams and the listener, then the replication connection. */
  stop(): Promise<void>
}

const LIVE_TIMEOUT_MS = 20_000
const STALL_TIMEOUT_MS = 60_000
const OUT_OF_BOUNDS_TIMEOUT_MS = 10_000
const EVENT_KEEP_ALIVE_MS = 21_000
const EVENT_STREAM_MS = 60_000

/** Resolves when replication is streaming and HTTP listens. */
export async function startShapeServer(options: ShapeServerOptions): Promise<ShapeServer> {
  const { databaseUrl, slotName = 'landfall_shapes', publicationName = slotName, host = '127.0.0.1' } = options
  const log = options.log ?? (() => {})
  const database = openDatabase(databaseUrl, (error) => {
    log({ level: 'warn', message: 'database connection lost', error: error.message })
  })
  const service = new ShapeService({
    database,
    publicationName,
    log,
    isStreaming: () => replication.status === 'streaming',
  })
  const { registry } = service
  const replication: ReplicationSupervisor = new ReplicationSupervisor({
    databaseUrl,
    slotName,
    publicationName,
    prepare: () => ensurePublication(database, publicationName),
    onTransaction: (transaction) => registry.apply(transaction),
    onPosition: (position) => registry.advance(position),
    onLost(error) {
      log({ level: 'warn', message: 'replication lost', error: error.message })
      // The temporary slot is gone, and with it the certainty of having every change.
      registry.startOver()
    },
    onClosed: (name) => waitForSlotToEnd(database, name),
    onReconnected() {
      log({ level: 'info', message: 'replication resumed' })
    },
  })
  const http = createHttpServer({
    service,
    waits: new Waits(),
    admission: new Admission({ ...REQUEST_LIMITS, ...options.requestLimits }),
    secret: options.secret,
    liveTimeoutMs: options.liveTimeoutMs ?? LIVE_TIMEOUT_MS,
    stallTimeoutMs: options.stallTimeoutMs ?? STALL_TIMEOUT_MS,
    outOfBoundsTimeoutMs: OUT_OF_BOUNDS_TIMEOUT_MS,
    keepAliveMs: EVENT_KEEP_ALIVE_MS,
    streamMs: EVENT_STREAM_MS,
    allowShapeDeletion: options.allowShapeDeletion ?? false,
    status: () => replication.status,
    log,
  })
  const stopAll = async () => {
    service.close()
    await http.stop()
    await replication.stop()
    await database.end()
  }
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopAll()
    return stopping
  }
  try {
    await replication.start()
    const port = await listen(http.server, options.port ?? 0, host)
    log({ level: 'info', message: 'listening', host, port, publicationName })
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
