import { compareOffsets, type LogOffset } from '../shapes/offset.ts'
import { firstLineBehind, LONGEST_PREFIX, NEWLINE, parsePrefix } from './log-line.ts'

/** Bytes of whole lines whose offsets grow, so that the file is its own index. */
export interface LineSource {
  /** At least one byte, at most `length`. */
  readAt(position: number, length: number): Promise<Buffer>
}

/** A log holds something else than lines with growing offsets. */
export class DamagedLogError extends Error {
  override name = 'DamagedLogError'
}

const STEP_BYTES = 16_384
/** Below this a range is read as a whole. */
const RANGE_BYTES = 65_536

/** Finds, by halving, where the first line behind the offset begins; `end` when there is none. */
export async function findLineBehind(source: LineSource, end: number, offset: LogOffset): Promise<number> {
  // Lines before `low` do not lie behind the offset, the one at `high` does, and none begins from `bound` to `high`.
  let low = 0
  let high = end
  let bound = end
  while (bound - low > RANGE_BYTES) {
    const middle = low + Math.floor((bound - low) / 2)
    const start = await lineEnd(source, middle, end)
    if (start >= bound) {
      // One may begin at the middle itself.
      bound = middle + 1
    } else if (compareOffsets(await offsetAt(source, start), offset) > 0) {
      high = start
      bound = start
    } else {
      low = start
    }
  }
  if (low >= bound) return high
  const lines = await readRange(source, low, await lineEnd(source, bound - 1, end))
  return low + firstLineBehind(lines, offset)
}

/** Where the line that holds this byte ends, behind its newline. */
export async function lineEnd(source: LineSource, position: number, end: number): Promise<number> {
  while (position < end) {
    const bytes = await source.readAt(position, Math.min(STEP_BYTES, end - position))
    const newline = bytes.indexOf(NEWLINE)
    if (newline >= 0) return position + newline + 1
    position += bytes.length
  }
  return end
}

/** Where the line that holds this byte begins. */
export async function lineStart(source: LineSource, position: number): Promise<number> {
  let end = position
  while (end > 0) {
    const start = Math.max(0, end - STEP_BYTES)
    const newline = (await readRange(source, start, end)).lastIndexOf(NEWLINE)
    if (newline >= 0) return start + newline + 1
    end = start
  }
  return 0
}

/** The offset of the line that begins there. */
export async function offsetAt(source: LineSource, start: number): Promise<LogOffset> {
  const line = parsePrefix(await source.readAt(start, LONGEST_PREFIX), 0)
  if (!line) throw new DamagedLogError(`no line of a log at byte ${start}`)
  return line.offset
}

async function readRange(source: LineSource, start: number, end: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let position = start; position < end; ) {
    const piece = await source.readAt(position, end - position)
    pieces.push(piece)
    position += piece.length
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}
