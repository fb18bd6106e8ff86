import type { LogRange } from '../storage/change-log.ts'
import type { LogLine } from '../storage/log-line.ts'
import { messagesOf, messageText } from '../storage/message-text.ts'
import type { ShapeFolder } from '../storage/shape-folder.ts'
import { compareOffsets, type LogOffset, SNAPSHOT_END } from './offset.ts'

/** JSON of messages, with a comma between any two; small ones at once, large ones as they are read from disk. */
export type MessageText = Buffer | AsyncIterable<Buffer>

export interface LogPage {
  messages: MessageText
  hasMessages: boolean
  /** Where the log goes on. */
  next: LogOffset
  reachesEnd: boolean
}

/** How much of the log one answer may carry. */
const PAGE_BYTES = 10_000_000
/** Up to here an answer is made in one piece. */
const SMALL_BYTES = 262_144
const NOTHING = Buffer.alloc(0)

/** The messages of one incarnation of a shape: a snapshot in chunks, then the changes. */
export class ShapeLog {
  readonly #folder: ShapeFolder

  constructor(folder: ShapeFolder) {
    this.#folder = folder
  }

  get end(): LogOffset {
    return (this.#folder.snapshot.isComplete && this.#folder.changes.end) || SNAPSHOT_END
  }

  append(lines: readonly LogLine[]): void {
    this.#folder.changes.append(lines)
  }

  discardOpen(): void {
    this.#folder.changes.discardOpen()
  }

  /** How much changes were added to what the log began with, in bytes. */
  get size(): { snapshot: number; changes: number } {
    return { snapshot: this.#folder.snapshot.totalBytes, changes: this.#folder.changes.committedSize }
  }

  hasChangesAfter(offset: LogOffset): boolean {
    const { snapshot, changes } = this.#folder
    if (offset.lsn === 0n && offset.op + 1 < snapshot.sizes.length) return true
    return snapshot.isComplete && changes.end !== undefined && compareOffsets(changes.end, offset) > 0
  }

  /** Resolves when the first chunk of the snapshot is there. Rejects with a SnapshotLostError, as all that follow. */
  async readStart(): Promise<LogPage> {
    await this.#folder.snapshot.has(0)
    return this.#readChunk(0)
  }

  /** While the snapshot is written, waits for the chunk that is meant. */
  async readAfter(offset: LogOffset): Promise<LogPage> {
    const chunk = offset.lsn === 0n ? offset.op + 1 : Number.POSITIVE_INFINITY
    if (await this.#folder.snapshot.has(chunk)) return this.#readChunk(chunk)
    const after = offset.lsn === 0n ? SNAPSHOT_END : offset
    const { changes } = this.#folder
    const range = await changes.findRange(after, PAGE_BYTES)
    const { start, end, next, reachesEnd } = range
    return { messages: this.#readChanges(range), hasMessages: end > start, next, reachesEnd }
  }

  async readEnd(): Promise<LogPage> {
    await this.#folder.snapshot.has(Number.POSITIVE_INFINITY)
    return { messages: NOTHING, hasMessages: false, next: this.end, reachesEnd: true }
  }

  #readChunk(index: number): LogPage {
    const { snapshot } = this.#folder
    const messages = this.#folder.read(snapshot.read(index))
    return { messages, hasMessages: true, next: { lsn: 0n, op: index }, reachesEnd: false }
  }

  #readChanges(range: LogRange): MessageText {
    const { start, end } = range
    if (start === end) return NOTHING
    const { changes, pages } = this.#folder
    const make = () => {
      const lines = changes.peek(range)
      return lines && messagesOf(lines)
    }
    const whole = end - start <= SMALL_BYTES ? pages.whole(changes, range, make) : undefined
    return whole ?? pages.pieces(changes, range, () => this.#folder.read(messageText(changes.read(range))))
  }
}
