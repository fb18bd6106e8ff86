import { formatOffset, type LogOffset } from '../shapes/offset.ts'
import type { Shape } from '../shapes/shape.ts'
import type { LogPage } from '../shapes/shape-log.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { eventPieces } from './message-body.ts'
import { answerReading, readPage, upToDate } from './read-shape.ts'

export interface EventStreamTimes {
  keepAliveMs: number
  /** A stream ends after this time, so that a CDN may hand one stream to many clients. */
  streamMs: number
}

/** Answers a live request with server-sent events. The stream of a request that is behind ends with what it lacks. */
export async function answerWithEvents(
  shape: Shape,
  offset: LogOffset,
  options: EventStreamTimes & { position: bigint; cursor: string | undefined },
  signal: AbortSignal,
): Promise<Answer> {
  const from = { kind: 'position' as const, offset }
  const live = { cursor: options.cursor, hasTimedOut: false }
  const { headers } = await answerReading({ shape, from, position: options.position, live })
  const isBehind = shape.log.hasChangesAfter(offset) || 'electric-up-to-date' in headers === false
  return {
    status: 200,
    headers: {
      ...headers,
      'electric-offset': resumeOffset(offset, shape.log.end),
      ...JSON_TYPE,
      'content-type': 'text/event-stream',
      'cache-control': CACHE_CONTROL.events,
      connection: 'keep-alive',
    },
    pieces: isBehind ? events(await readPage(shape, from)) : follow(shape, offset, options, signal),
  }
}

/**
 * The client takes it at once: with the end of what follows, a stream that breaks would have lost the rest. Within one
 * transaction there is nothing to lose: whoever follows a log live has the whole of the last one, and only cannot name
 * its end, because events have no offsets.
 */
function resumeOffset(start: LogOffset, end: LogOffset): string {
  return formatOffset(start.lsn === end.lsn ? end : start)
}

async function* follow(
  shape: Shape,
  start: LogOffset,
  { keepAliveMs, streamMs }: EventStreamTimes,
  signal: AbortSignal,
): AsyncGenerator<string | Buffer> {
  const endsAtMs = performance.now() + streamMs
  const isOver = () => signal.aborted || shape.isRotated || performance.now() >= endsAtMs
  let offset = start
  while (!isOver()) {
    await waitFor(shape, offset, signal, Math.min(keepAliveMs, endsAtMs - performance.now()))
    // The next request of the client is told why the stream ended.
    if (isOver()) return
    if (!shape.log.hasChangesAfter(offset)) {
      yield ': keep-alive\n\n'
      continue
    }
    const page = await shape.log.readAfter(offset)
    offset = page.next
    yield* events(page)
  }
}

async function waitFor(shape: Shape, offset: LogOffset, signal: AbortSignal, waitMs: number): Promise<void> {
  const wait = new AbortController()
  const end = () => wait.abort()
  const timer = setTimeout(end, waitMs)
  signal.addEventListener('abort', end)
  await shape.waitForChange(offset, wait.signal)
  clearTimeout(timer)
  signal.removeEventListener('abort', end)
}

/** What carries changes claims no more than these, so that no position is needed. */
function events(page: LogPage): AsyncGenerator<string | Buffer> {
  const live = { cursor: undefined, hasTimedOut: false }
  return eventPieces(page.messages, page.reachesEnd ? upToDate({ live, position: 0n }, page) : undefined)
}
