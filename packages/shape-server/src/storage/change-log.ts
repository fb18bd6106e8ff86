import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { compareOffsets, type LogOffset } from '../shapes/offset.ts'
import { findLineBehind, type LineSource, lineEnd, lineStart, offsetAt } from './line-search.ts'
import { encodeLines, type LogLine } from './log-line.ts'
import { LogTail } from './log-tail.ts'
import type { OpenFiles } from './open-files.ts'
import type { SharedPages } from './shared-pages.ts'
import type { TailBudget, TailOwner } from './tail-budget.ts'
import type { Writable, WriteQueue } from './write-queue.ts'

/** What all logs of a storage share. */
export interface LogResources {
  files: OpenFiles
  writes: WriteQueue
  tails: TailBudget
  pages: SharedPages
}

export interface ChangeLogStart {
  size: number
  end: LogOffset | undefined
  /** Called when there is something that `sync` has to make durable. */
  onUnsynced(): void
  /** Called when lines could not be written; then the log is of no use any more. */
  onFailed(error: unknown): void
}

/** A part of a log, by place in the file. */
export interface LogRange {
  start: number
  end: number
  /** Offset of the last line, or what was asked for when there is none. */
  next: LogOffset
  reachesEnd: boolean
}

/** How much is read from disk at once. */
const READ_BYTES = 262_144
const FLAGS = constants.O_RDWR | constants.O_CREAT

/**
 * The changes of a shape, appended in whole lines and read from any offset.
 *
 *     0 ─────────── written ────── committed ────── size
 *     └── on disk ────┘
 *              └──────────── tail, in memory ─────────┘
 *
 * What lies behind `committed` belongs to a transaction that is not complete: nobody sees it.
 */
export class ChangeLog implements Writable, TailOwner, LineSource {
  readonly path: string
  readonly #resources: LogResources
  readonly #onUnsynced: () => void
  readonly #onFailed: (error: unknown) => void
  readonly #tail = new LogTail()
  #size: number
  #committed: { size: number; end: LogOffset | undefined }
  #written: number
  /** Bytes on disk behind this place belong to no line any more. */
  #cutTo: number | undefined
  #isUnsynced = false
  #hasFailed = false
  /** How much of the pressure on the disk is this log's. */
  #counted = 0

  constructor(path: string, resources: LogResources, { size, end, onUnsynced, onFailed }: ChangeLogStart) {
    this.path = path
    this.#resources = resources
    this.#onUnsynced = onUnsynced
    this.#onFailed = onFailed
    this.#size = size
    this.#written = size
    this.#committed = { size, end }
  }

  /** Offset of the last visible line. */
  get end(): LogOffset | undefined {
    return this.#committed.end
  }

  /** Bytes of the visible lines. */
  get committedSize(): number {
    return this.#committed.size
  }

  get tailBytes(): number {
    return this.#tail.bytes
  }

  /** Lines of one transaction; with the last one of it everything appended becomes visible. */
  append(lines: readonly LogLine[]): void {
    const [first, last] = [lines[0], lines.at(-1)]
    if (!first || !last || this.#hasFailed) return
    const bytes = encodeLines(lines)
    this.#tail.push({ start: this.#size, bytes, first: first.offset, last: last.offset })
    this.#size += bytes.length
    if (last.isLast) this.#committed = { size: this.#size, end: last.offset }
    this.#isUnsynced = true
    this.#hasChanged()
  }

  /** Takes back the lines of a transaction that is not complete. */
  discardOpen(): void {
    if (this.#size === this.#committed.size) return
    this.#size = this.#committed.size
    this.#tail.cutBack(this.#size)
    // A write may be under way, so that nobody knows what is on disk behind this place.
    this.#cutTo = Math.min(this.#size, this.#cutTo ?? this.#size)
    this.#hasChanged()
  }

  async write(): Promise<void> {
    if (this.#hasFailed) return
    try {
      await this.#resources.files.use(this.path, FLAGS, (file) => this.#writeTo(file))
    } catch (error) {
      this.#hasFailed = true
      this.#onFailed(error)
    } finally {
      this.#countPressure()
    }
  }

  /** Resolves when everything appended until now would survive a crash of the machine. Rejects when it cannot. */
  async sync(): Promise<void> {
    await this.#resources.writes.finish(this)
    if (this.#hasFailed || !this.#isUnsynced) return
    this.#isUnsynced = false
    try {
      await this.#resources.files.use(this.path, FLAGS, (file) => file.datasync())
    } catch (error) {
      this.#hasFailed = true
      this.#onFailed(error)
    }
  }

  /** For a log that is given up: nothing more of it is written. Whoever reads it still has the part in memory. */
  close(): Promise<void> {
    this.#hasFailed = true
    this.#countPressure()
    return this.#resources.writes.finish(this)
  }

  /** For one that nobody reads any more. */
  dropTail(): void {
    this.#tail.cutBack(0)
    this.#resources.pages.forget(this)
    this.#resources.tails.touch(this)
  }

  shrinkTail(bytes: number): void {
    this.#tail.dropOldest(bytes, this.#onDisk)
  }

  /** The visible lines behind an offset, about as many bytes as wanted. */
  async findRange(after: LogOffset, wantedBytes: number): Promise<LogRange> {
    const { size, end: last } = this.#committed
    if (!last || compareOffsets(after, last) >= 0) return { start: size, end: size, next: after, reachesEnd: true }
    const start = this.#tail.findLineBehind(after) ?? (await findLineBehind(this, size, after))
    if (size - start <= wantedBytes) return { start, end: size, next: last, reachesEnd: true }
    const end = await lineEnd(this, start + wantedBytes - 1, size)
    if (end === size) return { start, end, next: last, reachesEnd: true }
    return { start, end, next: await offsetAt(this, await lineStart(this, end - 1)), reachesEnd: false }
  }

  /** The lines of a range as one piece, if they are in memory. */
  peek({ start, end }: LogRange): Buffer | undefined {
    if (start === end) return Buffer.alloc(0)
    this.#resources.tails.touch(this)
    return this.#tail.readAt(start, end - start)
  }

  async *read({ start, end }: LogRange): AsyncGenerator<Buffer> {
    for (let position = start; position < end; ) {
      const piece = await this.readAt(position, Math.min(READ_BYTES, end - position))
      yield piece
      position += piece.length
    }
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const inMemory = this.#tail.readAt(position, length)
    if (inMemory) return inMemory
    const wanted = Math.min(length, (this.#tail.start ?? this.#size) - position)
    const { buffer, bytesRead } = await this.#resources.files.use(this.path, FLAGS, (file) =>
      file.read(Buffer.allocUnsafe(wanted), 0, wanted, position),
    )
    if (bytesRead === 0) throw new Error(`${this.path} is shorter than it was`)
    return buffer.subarray(0, bytesRead)
  }

  /** Place up to which the file has what the log has. */
  get #onDisk(): number {
    return this.#cutTo === undefined ? this.#written : Math.min(this.#written, this.#cutTo)
  }

  async #writeTo(file: FileHandle): Promise<void> {
    if (this.#cutTo !== undefined) {
      const size = this.#cutTo
      await file.truncate(size)
      this.#written = size
      // Another may have been asked for meanwhile, further back: it is next.
      if (this.#cutTo < size) return this.#writeTo(file)
      this.#cutTo = undefined
    }
    let position = this.#written
    const buffers = this.#tail.from(position)
    if (buffers.length === 0 || position === this.#size) return
    const end = position + buffers.reduce((sum, { length }) => sum + length, 0)
    const { bytesWritten } = await file.writev(buffers, position)
    position += bytesWritten
    if (position < end) throw new Error(`the disk took ${bytesWritten} bytes only`)
    this.#written = end
  }

  #hasChanged(): void {
    this.#countPressure()
    this.#resources.writes.add(this)
    this.#resources.tails.touch(this)
    this.#onUnsynced()
  }

  #countPressure(): void {
    const pending = this.#hasFailed ? 0 : Math.max(0, this.#size - this.#onDisk)
    this.#resources.writes.pressure.add(pending - this.#counted)
    this.#counted = pending
  }
}
