import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDatabase } from './database.ts'
import { Admission } from './http/admission.ts'
import { createHttpServer } from './http/http-server.ts'
import { REQUEST_LIMITS, type RequestLimits } from './http/request-limits.ts'
import { Waits } from './http/waits.ts'
import type { Log } from './log.ts'
import { RegistrySink } from './registry-sink.ts'
import { ReplicationSupervisor } from './replication/replication-supervisor.ts'
import type { ShapeLimits } from './shapes/shape-limits.ts'
import { ReplicationAwayError, ShapeService } from './shapes/shape-service.ts'
import { openShapeStorage } from './storage/shape-storage.ts'

export interface ShapeServerOptions {
  databaseUrl: string
  /**
   * Folder in which shapes outlive a restart, with a permanent replication slot beside them in the database. Left out:
   * a temporary folder and a temporary slot, and all shapes are new after a restart.
   */
  storageDir?: string
  /** 0 or left out: any free one. */
  port?: number
  /** Address to listen on; loopback when left out. */
  host?: string
  /** When given, every request for a shape must carry it. */
  secret?: string
  /** Tells servers on the same database apart: part of the names of slot and publication. */
  streamId?: string
  /** When it shall have another name. */
  publicationName?: string
  /** Connections to the database, that of the stream not counted. */
  poolSize?: number
  /** How often what has arrived is made durable and acknowledged to Postgres. */
  flushIntervalMs?: number
  /** How long a live request waits for a change. */
  liveTimeoutMs?: number
  /** A client that takes nothing of its answer for this long is given up; longer than any wait. */
  stallTimeoutMs?: number
  /** Requests in work at once, beyond which clients are told to come again. */
  requestLimits?: Partial<RequestLimits>
  allowShapeDeletion?: boolean
  /** How many shapes there may be; the one used longest ago gives way to a new one. */
  maxShapes?: number
  limits?: Omit<ShapeLimits, 'maxShapes'>
  log?: Log
  /** Gives the start up: what was started is stopped before the promise rejects. */
  signal?: AbortSignal
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
const FLUSH_INTERVAL_MS = 1_000
/** After a restart all clients come back at the same moment. */
const BACKLOG = 4_096

/**
 * Listens, and resolves when shapes can be answered, or when the server waits for another server to let go of its slot:
 * health says which. Throws a DatabaseSetupError when the database lacks something that a person has to give it.
 */
export async function startShapeServer(options: ShapeServerOptions): Promise<ShapeServer> {
  const { databaseUrl, host = '127.0.0.1' } = options
  const slotPrefix = options.streamId ? `landfall_shapes_${options.streamId}` : 'landfall_shapes'
  const publicationName = options.publicationName ?? slotPrefix
  const log = options.log ?? (() => {})
  const onIdleError = (error: Error) => {
    log({ level: 'warn', message: 'database connection lost', error: error.message })
  }
  const database = openDatabase(databaseUrl, onIdleError, options.poolSize)
  const sink = new RegistrySink({
    openStorage: () => openShapeStorage({ log, ...(options.storageDir && { dir: options.storageDir }) }),
    createService: (storage) =>
      new ShapeService({
        database,
        storage,
        publicationName,
        log,
        isServing: () => replication.isServing,
        isStreaming: () => replication.status === 'streaming',
        limits: { ...options.limits, ...(options.maxShapes && { maxShapes: options.maxShapes }) },
      }),
  })
  const replication: ReplicationSupervisor = new ReplicationSupervisor({
    databaseUrl,
    slotPrefix,
    publicationName,
    isTemporary: !options.storageDir,
    sink,
    flushIntervalMs: options.flushIntervalMs ?? FLUSH_INTERVAL_MS,
    log,
  })
  const http = createHttpServer({
    get service() {
      if (!sink.service) throw new ReplicationAwayError('the database has not been reached yet')
      return sink.service
    },
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
    await http.stop()
    await replication.stop()
    await sink.close()
    await database.end()
  }
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= stopAll()
    return stopping
  }
  const giveUp = () => void stop()
  options.signal?.addEventListener('abort', giveUp)
  try {
    options.signal?.throwIfAborted()
    // First, so that whoever starts this server can ask what it is waiting for.
    const port = await listen(http.server, options.port ?? 0, host)
    log({ level: 'info', message: 'listening', host, port, publicationName })
    await replication.start()
    options.signal?.throwIfAborted()
    return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', giveUp)
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => resolve((server.address() as AddressInfo).port))
  })
}
