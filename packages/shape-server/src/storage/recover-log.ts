import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Lsn } from '../replication/lsn.ts'
import { compareOffsets, type LogOffset } from '../shapes/offset.ts'
import { DamagedLogError, findLineBehind, type LineSource, lineStart, offsetAt } from './line-search.ts'
import { NEWLINE, parsePrefix } from './log-line.ts'

const READ_BYTES = 1_048_576

/**
 * Opens the log of a server that may have been killed, or whose machine may have lost power: what follows the last whole
 * transaction is cut off. Lines up to `durable` were synced; behind it any part of the file may be missing.
 */
export async function recoverLog(path: string, durable: Lsn): Promise<{ size: number; end: LogOffset | undefined }> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT)
  try {
    const { size } = await file.stat()
    const source = new FileSource(file)
    const start = await findLineBehind(source, size, { lsn: durable, op: Number.POSITIVE_INFINITY })
    const end = start === 0 ? undefined : await offsetAt(source, await lineStart(source, start - 1))
    const good = await lastCompleteTransaction(source, start, size, end)
    if (good.size < size) {
      await file.truncate(good.size)
      await file.sync()
    }
    return good
  } finally {
    await file.close()
  }
}

/** Walks over all lines from a good one on, to the first that is none. */
async function lastCompleteTransaction(source: LineSource, start: number, size: number, end: LogOffset | undefined) {
  const good = { size: start, end }
  let previous = end
  let rest: Buffer = Buffer.alloc(0)
  for (let position = start; position < size; ) {
    const bytes = await source.readAt(position, Math.min(READ_BYTES, size - position))
    position += bytes.length
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
    let lineBegin = 0
    for (let newline = rest.indexOf(NEWLINE); newline >= 0; newline = rest.indexOf(NEWLINE, lineBegin)) {
      const line = parsePrefix(rest, lineBegin)
      const isWhole = rest[newline - 1] === 0x7d
      if (!line || !isWhole || (previous && compareOffsets(line.offset, previous) <= 0)) return good
      previous = line.offset
      lineBegin = newline + 1
      if (!line.isLast) continue
      good.size = position - rest.length + lineBegin
      good.end = line.offset
    }
    rest = rest.subarray(lineBegin)
  }
  return good
}

class FileSource implements LineSource {
  readonly #file: FileHandle

  constructor(file: FileHandle) {
    this.#file = file
  }

  async readAt(position: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.allocUnsafe(length), 0, length, position)
    if (bytesRead === 0) throw new DamagedLogError(`the log ends before byte ${position}`)
    return buffer.subarray(0, bytesRead)
  }
}
