import { setTimeout as delay } from 'node:timers/promises'
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

/**
 *   starting ──▶ catching-up ──▶ streaming ◀──▶ reconnecting ◀──▶ waiting
 *      └──▶ waiting ──▲                              └─ also from any of the others
 *
 * `waiting`: another server streams from our slot. `catching-up`: clients may know more than what has arrived since the
 * start, so they are not answered yet. From every state `stop` leads to `stopped`.
 */
export type ReplicationStatus = 'starting' | 'waiting' | 'catching-up' | 'streaming' | 'reconnecting' | 'stopped'

export interface ReplicationSupervisorOptions {
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

const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000
const SLOT_POLL_MS = 500
const LONGEST_SILENCE_MS = 30_000
const QUERY_TIMEOUT_MS = 30_000
const OBJECT_IN_USE = '55006'
/** What a change written before the publication was made anew is answered with. */
const UNDEFINED_OBJECT = '42704'

/** Somebody else streams from the slot. */
class SlotInUse extends Error {
  override name = 'SlotInUse'
}

/** Keeps a replication stream open, over restarts of Postgres and of this server, without a gap. */
export class ReplicationSupervisor {
  readonly #options: ReplicationSupervisorOptions
  readonly #stopping = new AbortController()
  #status: ReplicationStatus = 'starting'
  #isOpen = false
  #isRestored = false
  #hasCaughtUp = false
  /** Everything that committed before this position has been handed over. */
  #from: Lsn = 0n
  #mustStartOver = false
  #slotName = ''
  #processId: number | undefined
  #stream: ReplicationStream | undefined
  #running: Promise<void> | undefined
  #onWaiting: (() => void) | undefined

  constructor(options: ReplicationSupervisorOptions) {
    this.#options = options
  }

  get status(): ReplicationStatus {
    return this.#status
  }

  /** Whether what is in the logs may be shown: never less than was shown before. */
  get isServing(): boolean {
    return this.#hasCaughtUp && this.#status !== 'stopped'
  }

  /**
   * Resolves when the stream is open, or when it has to wait for another server to let go of the slot; then it goes on
   * by itself. Throws a DatabaseSetupError for what takes a person, and whatever else is wrong at the first attempt.
   */
  async start(): Promise<void> {
    const waiting = new Promise<void>((resolve) => {
      this.#onWaiting = resolve
    })
    const opened = this.#openWhenFree()
    this.#running = opened.catch(() => {})
    await Promise.race([opened, waiting])
    if (this.#status === 'waiting') this.#running = opened.catch((error) => this.#retry(error))
  }

  async stop(): Promise<void> {
    this.#status = 'stopped'
    this.#stopping.abort()
    await this.#running
    if (!this.#stream) return
    await this.#stream.close()
    await this.#ask((database) => waitForSlotRelease(database, this.#slotName)).catch(() => {})
  }

  async #openWhenFree(): Promise<void> {
    for (;;) {
      try {
        return await this.#open()
      } catch (error) {
        if (!(error instanceof SlotInUse) || this.#isStopped()) throw error
        if (this.#status !== 'waiting') this.#options.log({ level: 'info', message: 'waiting', reason: error.message })
        this.#status = 'waiting'
        this.#onWaiting?.()
        await this.#pause(SLOT_POLL_MS)
      }
    }
  }

  #open(): Promise<void> {
    return this.#ask((database) => this.#openWith(database))
  }

  /** Over a connection of its own: one that was there before may be as dead as the stream. */
  async #ask<T>(work: (database: pg.Client) => Promise<T>): Promise<T> {
    const config = { ...connectionConfig(this.#options.databaseUrl), types: RAW_TEXT, query_timeout: QUERY_TIMEOUT_MS }
    const database = await this.#connect(config)
    try {
      return await work(database)
    } finally {
      await database.end().catch(() => {})
    }
  }

  async #openWith(database: pg.Client): Promise<void> {
    const { sink, log, publicationName } = this.#options
    await checkSettings(database)
    const client = await this.#connect({ ...connectionConfig(this.#options.databaseUrl), replication: 'database' })
    // `stop` does not wait until Postgres has answered.
    const giveUp = () => void client.end().catch(() => {})
    this.#stopping.signal.addEventListener('abort', giveUp)
    try {
      const server = await identifyServer(database, client)
      const name = this.#nameSlot(server)
      await this.#requireFreeSlot(database, name)
      if (!this.#isOpen) {
        await sink.open()
        this.#isOpen = true
        this.#from = sink.flushedUpTo
      }
      this.#slotName = name
      await this.#resumeOrStartOver(database, client, server)
      this.#stopping.signal.throwIfAborted()
      this.#processId = processIdOf(client)
      this.#stream = await openReplicationStream({
        client,
        slotName: name,
        publicationName,
        from: this.#from,
        sink,
        flushIntervalMs: this.#options.flushIntervalMs,
        longestSilenceMs: this.#options.longestSilenceMs ?? LONGEST_SILENCE_MS,
        onReached: (upTo) => this.#reach(upTo, server.walEnd),
        onFlushFailed: (error) => log({ level: 'error', message: 'flush failed', error: String(error) }),
        onLost: (error) => this.#handleLoss(error),
      })
    } catch (error) {
      await client.end().catch(() => {})
      throw sqlState(error) === OBJECT_IN_USE ? new SlotInUse(String(error)) : explainSetup(error)
    } finally {
      this.#stopping.signal.removeEventListener('abort', giveUp)
    }
    if (this.#isStopped()) return
    this.#status = this.#hasCaughtUp ? 'streaming' : 'catching-up'
    log({ level: 'info', message: 'replication open', slot: this.#slotName, from: formatLsn(this.#from) })
  }

  async #connect(config: pg.ClientConfig & { replication?: 'database' }): Promise<pg.Client> {
    const client = new pg.Client(config)
    // Whoever uses the connection is told by what he does with it.
    client.on('error', () => {})
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
    // Postgres may not have noticed yet that our own connection is gone.
    if (slot.processId === this.#processId) {
      await database.query('SELECT pg_terminate_backend($1)', [slot.processId])
      await waitForSlotRelease(database, slotName)
      return
    }
    throw new SlotInUse(`process ${slot.processId} of Postgres streams from slot ${slotName} for another server`)
  }

  async #resumeOrStartOver(database: pg.Client, client: pg.Client, server: DatabaseServer): Promise<void> {
    const { sink, publicationName } = this.#options
    const { identity } = sink
    const slotName = this.#slotName
    const forkedAt =
      identity && identity.timeline !== server.timeline
        ? await findFork(client, server.timeline, identity.timeline)
        : undefined
    const hasPublication = await ensurePublication(database, publicationName)
    const slot = await readSlot(database, slotName)
    const facts = { identity, from: this.#from, server, slotName, slot, forkedAt, hasPublication }
    const resumption = this.#mustStartOver
      ? ({ kind: 'start-over', reason: 'the publication was made anew' } as const)
      : decideResumption(facts)
    switch (resumption.kind) {
      case 'wait':
        throw new SlotInUse(`process ${resumption.processId} of Postgres streams from slot ${slotName}`)
      case 'resume':
        if (identity?.timeline !== server.timeline) await sink.begin(identityOf(server, slotName), this.#from)
        if (!this.#isRestored) await sink.restore()
        this.#isRestored = true
        await this.#dropUnpublishedTables(database)
        return
      case 'start-over':
        await this.#startOver(database, client, server, resumption.reason)
    }
  }

  async #startOver(database: pg.Client, client: pg.Client, server: DatabaseServer, reason: string): Promise<void> {
    const { sink, isTemporary, log } = this.#options
    log({ level: sink.identity ? 'warn' : 'info', message: 'starting over', reason })
    await sink.startOver(reason)
    this.#isRestored = true
    await dropSlot(database, this.#slotName)
    log({ level: 'debug', message: 'creating slot, once the open transactions are over', slot: this.#slotName })
    this.#from = await createSlot(client, this.#slotName, isTemporary)
    await sink.begin(identityOf(server, this.#slotName), this.#from)
    this.#mustStartOver = false
    // What clients knew is void.
    this.#hasCaughtUp = true
  }

  async #dropUnpublishedTables(database: pg.Client): Promise<void> {
    const { sink, publicationName } = this.#options
    const published = await publishedTables(database, publicationName)
    for (const oid of sink.tables) if (!published.has(oid)) sink.dropTable(oid)
  }

  #reach(upTo: Lsn, walEndAtStart: Lsn): void {
    this.#from = upTo
    if (this.#hasCaughtUp || upTo < walEndAtStart) return
    this.#hasCaughtUp = true
    if (this.#status === 'catching-up') this.#status = 'streaming'
  }

  #handleLoss(error: Error): void {
    this.#options.sink.interrupt()
    if (this.#isStopped()) return
    this.#stream = undefined
    this.#running = this.#retry(error)
  }

  async #retry(cause: unknown): Promise<void> {
    const { log } = this.#options
    this.#status = 'reconnecting'
    log({ level: 'warn', message: 'replication lost', error: String(cause) })
    if (sqlState(cause) === UNDEFINED_OBJECT) this.#mustStartOver = true
    for (let retryMs = FIRST_RETRY_MS; !this.#isStopped(); retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)) {
      // Not all servers of a database that comes back shall knock at the same moment.
      await this.#pause(retryMs * (0.5 + Math.random() / 2))
      if (this.#isStopped()) return
      try {
        return await this.#openWhenFree()
      } catch (error) {
        if (this.#isStopped()) return
        this.#status = 'reconnecting'
        log({ level: 'warn', message: 'replication not resumed', error: String(error) })
      }
    }
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  /** Cut short by `stop`. */
  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => {})
  }
}

function identityOf({ systemIdentifier, databaseOid, timeline }: DatabaseServer, slotName: string): StreamIdentity {
  return { systemIdentifier, databaseOid, slotName, timeline }
}

/** Of the process of Postgres that serves this connection. */
function processIdOf(client: pg.Client): number | undefined {
  return (client as unknown as { processID?: number }).processID
}
