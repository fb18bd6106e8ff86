import { type FileHandle, open } from 'node:fs/promises'
import { NEWLINE } from './log-line.ts'
import type { SnapshotChunks } from './snapshot-chunks.ts'

/** How large an answer with rows may become. */
const CHUNK_BYTES = 10_000_000
/** Rows go to disk in pieces of this size. */
const WRITE_BYTES = 262_144

/** Cuts the rows of a snapshot into chunks, each of which can be read as soon as it is whole. */
export class SnapshotWriter {
  readonly #chunks: SnapshotChunks
  readonly #chunkBytes: number
  #file: FileHandle | undefined
  #size = 0
  #isAtStart = true
  #buffered: Buffer[] = []
  #bufferedBytes = 0

  constructor(chunks: SnapshotChunks, chunkBytes = CHUNK_BYTES) {
    this.#chunks = chunks
    this.#chunkBytes = chunkBytes
  }

  /** Messages, each with a comma before and a newline behind it; the bytes may end anywhere. */
  async write(rows: Buffer): Promise<void> {
    let rest = rows
    while (this.#size + rest.length >= this.#chunkBytes) {
      const newline = rest.indexOf(NEWLINE, Math.max(0, this.#chunkBytes - this.#size))
      if (newline < 0) break
      await this.#add(rest.subarray(0, newline + 1))
      await this.#closeChunk()
      rest = rest.subarray(newline + 1)
    }
    await this.#add(rest)
  }

  /** `message` is the last one of the snapshot. */
  async finish(message: string): Promise<void> {
    await this.#add(Buffer.from(`,${message}`))
    await this.#closeChunk()
    this.#chunks.complete()
  }

  /** May be called in any case; nobody waits any longer for what does not come. */
  async close(): Promise<void> {
    this.#chunks.fail()
    await this.#file?.close()
    this.#file = undefined
  }

  async #add(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    // The first message of a chunk has none before it to be parted from.
    const text = this.#isAtStart ? bytes.subarray(1) : bytes
    this.#isAtStart = false
    this.#buffered.push(text)
    this.#bufferedBytes += text.length
    this.#size += text.length
    if (this.#bufferedBytes >= WRITE_BYTES) await this.#flush()
  }

  async #flush(): Promise<void> {
    this.#file ??= await open(this.#chunks.path(this.#chunks.sizes.length), 'w')
    const { bytesWritten } = await this.#file.writev(this.#buffered)
    if (bytesWritten < this.#bufferedBytes) throw new Error(`the disk took ${bytesWritten} bytes only`)
    this.#buffered = []
    this.#bufferedBytes = 0
  }

  async #closeChunk(): Promise<void> {
    await this.#flush()
    await this.#file?.close()
    this.#file = undefined
    this.#chunks.add(this.#size)
    this.#size = 0
    this.#isAtStart = true
  }
}
