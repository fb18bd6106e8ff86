import { compareOffsets, formatOffset, type LogOffset, parseOffset } from '../shapes/offset.ts'

/**
 * An entry of a log as it stands on disk: its offset, a mark, its message, a newline.
 *
 *     26877000_2,{"key":…}⏎
 *     26877000_4;{"key":…}⏎      the semicolon ends a transaction
 *
 * JSON holds no newline of its own, and no offset a brace.
 */
export interface LogLine {
  offset: LogOffset
  json: string
  /** Whether it is the last one of its transaction, with which all of them become visible. */
  isLast: boolean
}

export const NEWLINE = 0x0a
export const BRACE = 0x7b
/** Longer than any offset with its mark. */
export const LONGEST_PREFIX = 48

export function encodeLines(lines: readonly LogLine[]): Buffer {
  let text = ''
  for (const { offset, json, isLast } of lines) text += `${formatOffset(offset)}${isLast ? ';' : ','}${json}\n`
  return Buffer.from(text)
}

/** What stands before the message of the line that begins there; undefined for what is no line. */
export function parsePrefix(bytes: Buffer, start: number): Pick<LogLine, 'offset' | 'isLast'> | undefined {
  const brace = bytes.subarray(start, start + LONGEST_PREFIX).indexOf(BRACE)
  if (brace < 4) return undefined
  const mark = bytes[start + brace - 1]
  if (mark !== 0x2c && mark !== 0x3b) return undefined
  const offset = parseOffset(bytes.toString('latin1', start, start + brace - 1))
  if (offset?.kind !== 'position') return undefined
  return { offset: offset.offset, isLast: mark === 0x3b }
}

/** Start of the first line in a piece of whole lines that lies behind the offset; its length when there is none. */
export function firstLineBehind(lines: Buffer, offset: LogOffset): number {
  let start = 0
  while (start < lines.length) {
    const line = parsePrefix(lines, start)
    if (!line || compareOffsets(line.offset, offset) > 0) return start
    start = lines.indexOf(NEWLINE, start) + 1
  }
  return start
}
