import { compareOffsets, type LogOffset, SNAPSHOT_END } from './offset.ts'

export interface LogEntry {
  offset: LogOffset
  json: string
}

export interface LogPage {
  /** Messages as JSON, to be joined with commas. */
  messages: string[]
  /** Where the log goes on. */
  next: LogOffset
  reachesEnd: boolean
}

/** How much of the log one answer may carry, in characters of JSON. */
const PAGE_SIZE = 10_000_000

/** The messages of one incarnation of a shape: a snapshot in chunks, then the changes. Kept in memory. */
export class ShapeLog {
  #chunks: string[][] = [[]]
  readonly #entries: LogEntry[] = []

  setSnapshot(chunks: string[][]): void {
    this.#chunks = chunks.length > 0 ? chunks : [[]]
  }

  append(entries: LogEntry[]): void {
    this.#entries.push(...entries)
  }

  get end(): LogOffset {
    return this.#entries.at(-1)?.offset ?? SNAPSHOT_END
  }

  readStart(): LogPage {
    return { messages: this.#chunks[0] ?? [], next: { lsn: 0n, op: 0 }, reachesEnd: false }
  }

  readAfter(offset: LogOffset): LogPage {
    const chunkIndex = offset.lsn === 0n ? offset.op + 1 : Number.POSITIVE_INFINITY
    const chunk = this.#chunks[chunkIndex]
    if (chunk) return { messages: chunk, next: { lsn: 0n, op: chunkIndex }, reachesEnd: false }
    return this.#readChanges(offset)
  }

  hasChangesAfter(offset: LogOffset): boolean {
    return compareOffsets(this.end, offset) > 0 && this.#entries.length > 0
  }

  #readChanges(offset: LogOffset): LogPage {
    const messages: string[] = []
    let size = 0
    let next = offset.lsn === 0n ? SNAPSHOT_END : offset
    let index = this.#firstAfter(offset)
    for (; index < this.#entries.length && size < PAGE_SIZE; index += 1) {
      const entry = this.#entries[index] as LogEntry
      messages.push(entry.json)
      size += entry.json.length
      next = entry.offset
    }
    return { messages, next, reachesEnd: index >= this.#entries.length }
  }

  #firstAfter(offset: LogOffset): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareOffsets((this.#entries[middle] as LogEntry).offset, offset) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
