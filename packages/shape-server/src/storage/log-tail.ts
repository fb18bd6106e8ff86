import { compareOffsets, type LogOffset } from '../shapes/offset.ts'
import { firstLineBehind } from './log-line.ts'

/** Lines that were appended together. */
export interface TailBlock {
  /** Place of the first byte in the log. */
  start: number
  bytes: Buffer
  first: LogOffset
  last: LogOffset
}

/** What a block costs beside its bytes. */
const BLOCK_COST = 300

/** The latest part of a log, in memory: what is not on disk yet, and behind it as much as there is room for. */
export class LogTail {
  #blocks: TailBlock[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Where it begins; undefined when there is none. */
  get start(): number | undefined {
    return this.#blocks[0]?.start
  }

  push(block: TailBlock): void {
    this.#blocks.push(block)
    this.#bytes += block.bytes.length + BLOCK_COST
  }

  /** Gives up the oldest blocks that end at or before this place in the log, until so much is free. */
  dropOldest(bytes: number, end: number): void {
    let count = 0
    for (let freed = 0; freed < bytes; count += 1) {
      const block = this.#blocks[count]
      if (!block || block.start + block.bytes.length > end) break
      freed += block.bytes.length + BLOCK_COST
      this.#bytes -= block.bytes.length + BLOCK_COST
    }
    if (count > 0) this.#blocks.splice(0, count)
  }

  /** Takes back everything from this place on, where a block begins. */
  cutBack(end: number): void {
    for (let block = this.#blocks.at(-1); block && block.start >= end; block = this.#blocks.at(-1)) {
      this.#blocks.pop()
      this.#bytes -= block.bytes.length + BLOCK_COST
    }
  }

  /** All blocks from the one that begins there. */
  from(start: number): Buffer[] {
    return this.#blocks.slice(this.#indexAt(start)).map(({ bytes }) => bytes)
  }

  /** From this byte on, at most so many; undefined when that is no longer here. */
  readAt(position: number, length: number): Buffer | undefined {
    let index = this.#indexAt(position)
    const first = this.#blocks[index]
    if (!first || first.start > position) return undefined
    const pieces = [first.bytes.subarray(position - first.start)]
    for (let size = pieces[0]?.length ?? 0; size < length; ) {
      index += 1
      const next = this.#blocks[index]?.bytes
      if (!next) break
      pieces.push(next)
      size += next.length
    }
    return (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)).subarray(0, length)
  }

  /** Where the first line behind the offset begins; undefined when it may lie before the tail. */
  findLineBehind(offset: LogOffset): number | undefined {
    const [oldest] = this.#blocks
    if (!oldest || (oldest.start > 0 && compareOffsets(offset, oldest.first) < 0)) return undefined
    const index = this.#search(({ last }) => compareOffsets(last, offset) > 0)
    const block = this.#blocks[index]
    return block && block.start + firstLineBehind(block.bytes, offset)
  }

  /** Of the block that holds this byte, or of the first one. */
  #indexAt(position: number): number {
    return this.#search(({ start, bytes }) => start + bytes.length > position)
  }

  /** Index of the first block for which this holds; it holds for all behind. */
  #search(holds: (block: TailBlock) => boolean): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const block = this.#blocks[middle]
      if (block && holds(block)) high = middle
      else low = middle + 1
    }
    return low
  }
}
