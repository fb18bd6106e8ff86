import type { LogOffset } from '../shapes/offset.ts'
import type { Shape } from '../shapes/shape.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { answerReading, logMessages } from './read-shape.ts'

export interface EventStreamTimes {
  keepAliveMs: number
  /** A stream ends after this time, so that a CDN may hand one stream to many clients. */
  streamMs: number
}

/** Answers a live request with server-sent events. The stream of a request that is behind ends with what it lacks. */
export function answerWithEvents(
  shape: Shape,
  offset: LogOffset,
  options: EventStreamTimes & { position: bigint; cursor: string | undefined },
  signal: AbortSignal,
): Answer {
  const from = { kind: 'position' as const, offset }
  const reading = { shape, from, position: options.position, live: { cursor: options.cursor, hasTimedOut: false } }
  const { headers } = answerReading(reading)
  const isBehind = shape.log.hasChangesAfter(offset) || 'electric-up-to-date' in headers === false
  return {
    status: 200,
    headers: {
      ...headers,
      ...JSON_TYPE,
      'content-type': 'text/event-stream',
      'cache-control': CACHE_CONTROL.events,
      connection: 'keep-alive',
    },
    ...(isBehind
      ? { body: logMessages(reading).messages.map(event).join('') }
      : { events: follow(shape, offset, options, signal) }),
  }
}

const event = (json: string) => `data: ${json}\n\n`

async function* follow(
  shape: Shape,
  start: LogOffset,
  { keepAliveMs, streamMs }: EventStreamTimes,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(streamMs)])
  let offset = start
  while (!end.aborted && !shape.isRotated) {
    await shape.waitForChange(offset, AbortSignal.any([end, AbortSignal.timeout(keepAliveMs)]))
    // The next request of the client is told why the stream ended.
    if (end.aborted || shape.isRotated) return
    if (!shape.log.hasChangesAfter(offset)) {
      yield ': keep-alive\n\n'
      continue
    }
    const from = { kind: 'position' as const, offset }
    const page = logMessages({ shape, from, position: 0n, live: { cursor: undefined, hasTimedOut: false } })
    offset = page.next
    yield page.messages.map(event).join('')
  }
}
