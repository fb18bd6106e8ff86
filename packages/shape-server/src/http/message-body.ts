import type { MessageText } from '../shapes/shape-log.ts'
import { NEWLINE } from '../storage/log-line.ts'
import { SEPARATOR } from '../storage/message-text.ts'
import type { Answer } from './answer.ts'

type Body = Pick<Answer, 'body' | 'pieces'>

/** Messages as a JSON array, with one more message behind them if there is one. */
export function jsonBody(messages: MessageText, last: string | undefined): Body {
  const end = Buffer.from(`${last ?? ''}]`)
  if (!Buffer.isBuffer(messages)) return { pieces: jsonPieces(messages, last === undefined ? end : separated(end)) }
  const isSeparated = messages.length > 0 && last !== undefined
  return { body: Buffer.concat([OPEN, messages, isSeparated ? separated(end) : end]) }
}

const OPEN = Buffer.from('[')
const separated = (bytes: Buffer) => Buffer.concat([SEPARATOR, bytes])

/** Only for messages that are not empty. */
async function* jsonPieces(messages: AsyncIterable<Buffer>, end: Buffer): AsyncGenerator<Buffer> {
  yield OPEN
  yield* messages
  yield end
}

/** The same messages as server-sent events. */
export async function* eventPieces(messages: MessageText, last: string | undefined): AsyncGenerator<string | Buffer> {
  if (Buffer.isBuffer(messages)) {
    if (messages.length > 0) yield `data: ${messages.toString('utf8').trimEnd().replaceAll('\n,', '\n\ndata: ')}\n\n`
  } else {
    yield* eventsOf(messages)
  }
  if (last !== undefined) yield event(last)
}

export const event = (json: string) => `data: ${json}\n\n`

const BETWEEN_EVENTS = Buffer.from('\n\ndata: ')

/** A newline stands between two messages only, with a comma behind it; the last one may have one at its end. */
async function* eventsOf(messages: AsyncIterable<Buffer>): AsyncGenerator<Buffer | string> {
  yield 'data: '
  let isBetween = false
  for await (const piece of messages) {
    const parts: Buffer[] = []
    for (let start = 0; start < piece.length; ) {
      if (isBetween) parts.push(BETWEEN_EVENTS)
      // The comma.
      if (isBetween) start += 1
      const newline = piece.indexOf(NEWLINE, start)
      const end = newline < 0 ? piece.length : newline
      if (end > start) parts.push(piece.subarray(start, end))
      isBetween = newline >= 0
      start = end + 1
    }
    yield Buffer.concat(parts)
  }
  yield '\n\n'
}
