import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenFiles } from './open-files.ts'

/** The snapshot was given up while somebody read it. */
export class SnapshotLostError extends Error {
  override name = 'SnapshotLostError'

  constructor() {
    super('the snapshot was given up')
  }
}

const READ_BYTES = 262_144

/**
 *   writing ──complete──▶ complete
 *      └──────fail──────▶ failed
 */
type SnapshotState = 'writing' | 'complete' | 'failed'

/** The rows that a log begins with, in files whose bytes are messages ready to be sent. */
export class SnapshotChunks {
  readonly #folder: string
  readonly #files: OpenFiles
  readonly #sizes: number[]
  /** Called when there is another chunk, or the snapshot is complete. */
  onChunk: (() => void) | undefined
  #state: SnapshotState
  #waiting: (() => void)[] = []

  /** `sizes`, in bytes, for a snapshot that was completed before. */
  constructor(folder: string, files: OpenFiles, sizes?: readonly number[]) {
    this.#folder = folder
    this.#files = files
    this.#sizes = [...(sizes ?? [])]
    this.#state = sizes ? 'complete' : 'writing'
  }

  get sizes(): readonly number[] {
    return this.#sizes
  }

  get totalBytes(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0)
  }

  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  get paths(): string[] {
    return this.#sizes.map((_, index) => this.path(index))
  }

  path(index: number): string {
    return join(this.#folder, `snapshot-${index}`)
  }

  /** A chunk that is on disk as a whole. */
  add(size: number): void {
    this.#sizes.push(size)
    this.#wake()
  }

  complete(): void {
    if (this.#state === 'writing') this.#state = 'complete'
    this.#wake()
  }

  fail(): void {
    if (this.#state === 'writing') this.#state = 'failed'
    this.#wake()
  }

  /** Whether there is such a chunk, as soon as that is known. Throws a SnapshotLostError. */
  async has(index: number): Promise<boolean> {
    while (this.#state === 'writing' && index >= this.#sizes.length) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#state === 'failed') throw new SnapshotLostError()
    return index < this.#sizes.length
  }

  async *read(index: number): AsyncGenerator<Buffer> {
    const size = this.#sizes[index] ?? 0
    for (let position = 0; position < size; ) {
      const length = Math.min(READ_BYTES, size - position)
      const { buffer, bytesRead } = await this.#files.use(this.path(index), 'r', (file) =>
        file.read(Buffer.allocUnsafe(length), 0, length, position),
      )
      if (bytesRead === 0) throw new SnapshotLostError()
      yield buffer.subarray(0, bytesRead)
      position += bytesRead
    }
  }

  /** Throws when the files are not what was stored. */
  async verify(): Promise<void> {
    for (const [index, size] of this.#sizes.entries()) {
      const found = (await stat(this.path(index))).size
      if (found !== size) throw new Error(`${this.path(index)} has ${found} bytes instead of ${size}`)
    }
  }

  #wake(): void {
    this.onChunk?.()
    for (const resume of this.#waiting.splice(0)) resume()
  }
}
