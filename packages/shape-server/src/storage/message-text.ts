import { BRACE, NEWLINE } from './log-line.ts'

/** Stands between two messages of an answer. */
export const SEPARATOR = Buffer.from('\n,')

/** Turns lines of a log, in pieces that may end anywhere, into messages with separators between them. */
export async function* messageText(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const writer = new MessageWriter()
  for await (const piece of pieces) yield writer.write(piece)
}

/** The same for a piece of whole lines. */
export function messagesOf(lines: Buffer): Buffer {
  return new MessageWriter().write(lines)
}

class MessageWriter {
  #isFirst = true
  #isInMessage = false

  write(piece: Buffer): Buffer {
    // No line grows: its prefix is longer than a separator. Only one that began in an earlier piece may.
    const text = Buffer.allocUnsafe(piece.length + SEPARATOR.length)
    let length = 0
    let start = 0
    while (start < piece.length) {
      if (!this.#isInMessage) {
        start = piece.indexOf(BRACE, start)
        if (start < 0) break
        if (!this.#isFirst) length += SEPARATOR.copy(text, length)
        this.#isFirst = false
        this.#isInMessage = true
      }
      const newline = piece.indexOf(NEWLINE, start)
      const end = newline < 0 ? piece.length : newline
      length += piece.copy(text, length, start, end)
      this.#isInMessage = newline < 0
      start = end + 1
    }
    return text.subarray(0, length)
  }
}
