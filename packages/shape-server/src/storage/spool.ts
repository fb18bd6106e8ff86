import type { FileHandle } from 'node:fs/promises'

/** Beyond this the bytes go to a file. */
const MEMORY_BYTES = 1_000_000
const WRITE_BYTES = 262_144
const READ_BYTES = 65_536

/** There is more than memory is meant for, and no file was allowed. */
export class SpoolFullError extends Error {
  override name = 'SpoolFullError'
}

export interface SpoolOptions {
  /** Throws when there is no room for another file. */
  openFile(): Promise<FileHandle>
  onClosed(): void
}

/** Bytes that are written once and read once: few stay in memory, many wait in a file. */
export class Spool {
  readonly #options: SpoolOptions
  #buffered: Buffer[] = []
  #bufferedBytes = 0
  #file: FileHandle | undefined
  #fileBytes = 0
  #isClosed = false

  constructor(options: SpoolOptions) {
    this.#options = options
  }

  /** How much was written, in bytes. */
  get size(): number {
    return this.#fileBytes + this.#bufferedBytes
  }

  async write(bytes: Buffer): Promise<void> {
    this.#buffered.push(bytes)
    this.#bufferedBytes += bytes.length
    if (this.#bufferedBytes > (this.#file ? WRITE_BYTES : MEMORY_BYTES)) await this.#flush()
  }

  /** All that was written; what is in a file can be read until the spool is closed, and ends early then. */
  async finish(): Promise<Buffer | AsyncGenerator<Buffer>> {
    if (!this.#file) return Buffer.concat(this.#buffered)
    await this.#flush()
    return this.#read(this.#file)
  }

  /** May be called in any case, and more than once. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#buffered = []
    await this.#file?.close()
    this.#options.onClosed()
  }

  async #flush(): Promise<void> {
    this.#file ??= await this.#options.openFile()
    const { bytesWritten } = await this.#file.writev(this.#buffered, this.#fileBytes)
    if (bytesWritten < this.#bufferedBytes) throw new Error(`the disk took ${bytesWritten} bytes only`)
    this.#fileBytes += bytesWritten
    this.#buffered = []
    this.#bufferedBytes = 0
  }

  async *#read(file: FileHandle): AsyncGenerator<Buffer> {
    for (let position = 0; position < this.#fileBytes && !this.#isClosed; ) {
      const length = Math.min(READ_BYTES, this.#fileBytes - position)
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
      if (bytesRead === 0) throw new Error(`the file has ${position} bytes instead of ${this.#fileBytes}`)
      yield buffer.subarray(0, bytesRead)
      position += bytesRead
    }
  }
}
