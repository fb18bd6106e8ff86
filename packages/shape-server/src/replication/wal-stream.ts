import type { Duplex } from 'node:stream'
import type { Client, Submittable } from 'pg'
import * as copyStreams from 'pg-copy-streams'
import { formatLsn, type Lsn } from './lsn.ts'

export type WalFrame =
  | { kind: 'data'; bytes: Buffer }
  /** Everything that committed before this position has been sent. */
  | { kind: 'keep-alive'; lsn: Lsn; wantsReply: boolean }

export interface StandbyStatus {
  /** Up to here everything has been taken over. */
  received: Lsn
  /** Up to here it would survive a crash; Postgres forgets what is before. */
  durable: Lsn
}

export interface WalStreamOptions {
  slotName: string
  publicationName: string
  /** What committed before is not sent. 0: where the slot stands. */
  from: Lsn
}

/** The package's type definitions leave this one out. */
const { both: copyBoth } = copyStreams as unknown as {
  both(text: string, options: { alignOnCopyDataFrame: true; readableObjectMode: true }): Duplex & Submittable
}

const DATA = 0x77
const KEEP_ALIVE = 0x6b
const STATUS = 0x72
/** Bytes before the payload: kind, two positions, a time. */
const DATA_HEADER = 25
/** From 1970 to 2000, where Postgres counts from. */
const EPOCH_MS = 946_684_800_000

/**
 * The conversation of START_REPLICATION. Frames that are not asked for stay with Postgres: whoever reads slowly slows
 * the sender down, and nothing piles up here. Statuses can be sent meanwhile.
 */
export class WalStream {
  readonly #client: Client
  readonly #copy: Duplex & Submittable

  /** Takes over a connection that was opened with `replication: 'database'`. */
  constructor(client: Client, { slotName, publicationName, from }: WalStreamOptions) {
    const publication = publicationName.replaceAll('"', '""').replaceAll("'", "''")
    this.#client = client
    this.#copy = copyBoth(
      `START_REPLICATION SLOT "${slotName}" LOGICAL ${formatLsn(from)} (proto_version '1', publication_names '"${publication}"')`,
      { alignOnCopyDataFrame: true, readableObjectMode: true },
    )
    // The reader gets it; this one stands for the time before and after.
    this.#copy.on('error', () => {})
  }

  /** Resolves when Postgres has begun to stream; rejects with its error when it refuses. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#copy.once('error', reject)
      // Postgres may have nothing to send for long; but it takes the first status as soon as it streams.
      this.#copy.write(encodeStatus({ received: 0n, durable: 0n }, false), (error) => {
        this.#copy.off('error', reject)
        if (error) reject(error)
        else resolve()
      })
      this.#client.query(this.#copy)
      // Without a reader not even the answer to the start would be looked at.
      this.#copy.read(0)
    })
  }

  async *frames(): AsyncGenerator<WalFrame> {
    for await (const bytes of this.#copy) yield decodeFrame(bytes as Buffer)
  }

  /** `wantsReply` asks for a keep-alive at once. */
  sendStatus(status: StandbyStatus, wantsReply = false): void {
    if (this.#copy.writable) this.#copy.write(encodeStatus(status, wantsReply))
  }

  /** Ends it at once, with this error for whoever reads. */
  abort(error: Error): void {
    this.#copy.destroy(error)
  }

  /** Ends the conversation in good order, so that the last status arrives. */
  async end(timeoutMs: number): Promise<void> {
    if (this.#copy.destroyed || this.#copy.readableEnded) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#copy.once('close', () => {
        clearTimeout(timer)
        resolve()
      })
      this.#copy.end()
      this.#copy.resume()
    })
  }
}

function decodeFrame(bytes: Buffer): WalFrame {
  switch (bytes[0]) {
    case DATA:
      return { kind: 'data', bytes: bytes.subarray(DATA_HEADER) }
    case KEEP_ALIVE:
      return { kind: 'keep-alive', lsn: bytes.readBigUInt64BE(1), wantsReply: bytes[17] === 1 }
    default:
      throw new RangeError(`unknown replication message ${bytes[0]}`)
  }
}

function encodeStatus({ received, durable }: StandbyStatus, wantsReply: boolean): Buffer {
  const bytes = Buffer.alloc(34)
  bytes.writeUInt8(STATUS)
  bytes.writeBigUInt64BE(received, 1)
  bytes.writeBigUInt64BE(durable, 9)
  bytes.writeBigUInt64BE(durable, 17)
  bytes.writeBigUInt64BE(BigInt(Date.now() - EPOCH_MS) * 1_000n, 25)
  bytes.writeUInt8(wantsReply ? 1 : 0, 33)
  return bytes
}
