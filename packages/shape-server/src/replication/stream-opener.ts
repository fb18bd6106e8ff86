import pg from 'pg'
import { connectionConfig, RAW_TEXT, sqlState } from '../database.ts'
import type { Log } from '../log.ts'
import { checkSettings, type DatabaseServer, explainSetup, findFork, identifyServer } from './database-server.ts'
import { formatLsn, type Lsn } from './lsn.ts'
import { ensurePublication, publishedTables } from './publication.ts'
import type { ReplicationSink, StreamIdentity } from './replication-sink.ts'
import { openReplicationStream, type ReplicationStream } from './replication-stream.ts'
import { decideResumption } from './resumption.ts'
import { createSlot, dropSlot, readSlot, waitForSlotRelease } from './slot.ts'
import { permanentSlotName, temporarySlotName } from './slot-name.ts'

export interface StreamOpenerOptions {
  databaseUrl: string
  /** Beginning of the name of the slot. */
  slotPrefix: string
  publicationName: string
  /** Whether the slot ends with the connection: then nothing can be resumed. */
  isTemporary: boolean
  sink: ReplicationSink
  flushIntervalMs: number
  /** When nothing is heard from Postgres for so long, the connection counts as lost. */
  longestSilenceMs?: number
  log: Log
}

export interface StreamEvents {
  /** `walEnd` is where the log of Postgres ended when the stream was opened. */
  onReached(upTo: Lsn, walEnd: Lsn): void
  onLost(error: Error): void
}

/** Another server streams from the slot. */
export class SlotInUseError extends Error {
  override name = 'SlotInUseError'
}

const LONGEST_SILENCE_MS = 30_000
const QUERY_TIMEOUT_MS = 30_000
const OBJECT_IN_USE = '55006'
/** What a change is answered with that was written before the publication was made anew. */
const UNDEFINED_OBJECT = '42704'

interface Connections {
  /** For queries. */
  database: pg.Client
  /** The one that will stream. */
  replication: pg.Client
}

/** Opens one stream after the other, each behind where the last one got to, or from new where that is not possible. */
export class StreamOpener {
  readonly #options: StreamOpenerOptions
  readonly #signal: AbortSignal
  #isSinkOpen = false
  #isRestored = false
  #mustStartOver = false
  /** Everything that committed before this position has been handed over. */
  #from: Lsn = 0n
  #slotName = ''
  /** Of the process of Postgres that served the last stream. */
  #processId: number | undefined

  /** `signal` gives up what is under way. */
  constructor(options: StreamOpenerOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
  }

  /**
   * `isNew`: nothing goes on from what was before. Throws a SlotInUseError, a DatabaseSetupError, or what Postgres and
   * the sink say.
   */
  async open(events: StreamEvents): Promise<{ stream: ReplicationStream; isNew: boolean }> {
    const database = await this.#connect({ types: RAW_TEXT, query_timeout: QUERY_TIMEOUT_MS })
    try {
      await checkSettings(database)
      const replication = await this.#connect({ replication: 'database' })
      try {
        return await this.#openWith({ database, replication }, events)
      } catch (error) {
        await replication.end().catch(() => {})
        throw sqlState(error) === OBJECT_IN_USE ? new SlotInUseError(String(error)) : explainSetup(error)
      }
    } finally {
      await database.end().catch(() => {})
    }
  }

  /** To be told why a stream was lost. */
  noteLoss(cause: unknown): void {
    if (sqlState(cause) === UNDEFINED_OBJECT) this.#mustStartOver = true
  }

  /** Waits until Postgres has noticed that the stream was closed. */
  async waitForRelease(): Promise<void> {
    const database = await this.#connect({ query_timeout: QUERY_TIMEOUT_MS }).catch(() => undefined)
    if (!database) return
    await waitForSlotRelease(database, this.#slotName)
    await database.end().catch(() => {})
  }

  async #openWith(connections: Connections, { onReached, onLost }: StreamEvents) {
    const { sink, log, publicationName, flushIntervalMs, longestSilenceMs = LONGEST_SILENCE_MS } = this.#options
    const { database, replication } = connections
    const server = await identifyServer(database, replication)
    const slotName = this.#nameSlot(server)
    await this.#requireFreeSlot(database, slotName)
    if (!this.#isSinkOpen) {
      await sink.open()
      this.#isSinkOpen = true
      this.#from = sink.flushedUpTo
    }
    this.#slotName = slotName
    const isNew = await this.#resumeOrStartOver(connections, server)
    this.#signal.throwIfAborted()
    this.#processId = processIdOf(replication)
    const from = this.#from
    const stream = await openReplicationStream({
      client: replication,
      slotName,
      publicationName,
      from,
      sink,
      flushIntervalMs,
      longestSilenceMs,
      onReached: (upTo) => {
        this.#from = upTo
        onReached(upTo, server.walEnd)
      },
      onFlushFailed: (error) => log({ level: 'error', message: 'flush failed', error: String(error) }),
      onLost,
    })
    log({ level: 'info', message: 'replication open', slot: slotName, from: formatLsn(from) })
    return { stream, isNew }
  }

  /** A new connection each time: one that was there before may be as dead as the stream that was lost. */
  async #connect(more: pg.ClientConfig & { replication?: 'database' }): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionConfig(this.#options.databaseUrl), ...more } as pg.ClientConfig)
    // Whoever uses the connection is told by what he does with it.
    client.on('error', () => {})
    const giveUp = () => void client.end().catch(() => {})
    this.#signal.addEventListener('abort', giveUp)
    client.once('end', () => this.#signal.removeEventListener('abort', giveUp))
    try {
      await client.connect()
    } catch (error) {
      throw explainSetup(error)
    }
    return client
  }

  #nameSlot({ databaseOid }: DatabaseServer): string {
    const { slotPrefix, isTemporary } = this.#options
    return isTemporary ? temporarySlotName(slotPrefix) : permanentSlotName(slotPrefix, databaseOid)
  }

  async #requireFreeSlot(database: pg.Client, slotName: string): Promise<void> {
    const slot = await readSlot(database, slotName)
    if (slot.kind !== 'in-use') return
    if (slot.processId !== this.#processId) throw inUse(slotName, slot.processId)
    // Our own connection: Postgres has not noticed yet that it is gone.
    await database.query('SELECT pg_terminate_backend($1)', [slot.processId])
    await waitForSlotRelease(database, slotName)
  }

  /** Returns whether it is a new beginning. */
  async #resumeOrStartOver(connections: Connections, server: DatabaseServer): Promise<boolean> {
    const { sink, publicationName } = this.#options
    const { database, replication } = connections
    const { identity } = sink
    const slotName = this.#slotName
    const hasMoved = identity !== undefined && identity.timeline !== server.timeline
    const forkedAt = hasMoved ? await findFork(replication, server.timeline, identity.timeline) : undefined
    const hasPublication = (await ensurePublication(database, publicationName)) && !this.#mustStartOver
    const slot = await readSlot(database, slotName)
    const resumption = decideResumption({
      identity,
      from: this.#from,
      server,
      slotName,
      slot,
      forkedAt,
      hasPublication,
    })
    switch (resumption.kind) {
      case 'wait':
        throw inUse(slotName, resumption.processId)
      case 'resume':
        if (hasMoved) await sink.begin(identityOf(server, slotName), this.#from)
        if (!this.#isRestored) await sink.restore()
        this.#isRestored = true
        await this.#dropUnpublishedTables(database)
        return false
      case 'start-over':
        await this.#startOver(connections, server, resumption.reason)
        return true
    }
  }

  async #startOver({ database, replication }: Connections, server: DatabaseServer, reason: string): Promise<void> {
    const { sink, isTemporary, log } = this.#options
    const slot = this.#slotName
    log({ level: sink.identity ? 'warn' : 'info', message: 'starting over', reason })
    await sink.startOver(reason)
    this.#isRestored = true
    await dropSlot(database, slot)
    log({ level: 'debug', message: 'creating slot, once the open transactions are over', slot })
    this.#from = await createSlot(replication, slot, isTemporary)
    await sink.begin(identityOf(server, slot), this.#from)
    this.#mustStartOver = false
  }

  async #dropUnpublishedTables(database: pg.Client): Promise<void> {
    const { sink, publicationName } = this.#options
    const published = await publishedTables(database, publicationName)
    for (const oid of sink.tables) if (!published.has(oid)) sink.dropTable(oid)
  }
}

function inUse(slotName: string, processId: number): SlotInUseError {
  return new SlotInUseError(`process ${processId} of Postgres streams from slot ${slotName} for another server`)
}

function identityOf({ systemIdentifier, databaseOid, timeline }: DatabaseServer, slotName: string): StreamIdentity {
  return { systemIdentifier, databaseOid, slotName, timeline }
}

/** Of the process of Postgres that serves this connection. */
function processIdOf(client: pg.Client): number | undefined {
  return (client as unknown as { processID?: number }).processID
}
