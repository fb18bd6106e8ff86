import { schemaHeader } from '../catalog/schema-header.ts'
import { formatOffset, type LogOffset, type RequestedOffset } from '../shapes/offset.ts'
import type { Shape } from '../shapes/shape.ts'
import type { LogPage } from '../shapes/shape-log.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import { nextCursor } from './cursor.ts'
import { jsonBody } from './message-body.ts'

/** A part of a shape's log as an answer. `position` is the last one processed for any table. */
export interface ShapeReading {
  shape: Shape
  from: RequestedOffset
  position: bigint
  live?: { cursor: string | undefined; hasTimedOut: boolean }
}

/** Throws a SnapshotLostError when the shape is given up meanwhile. */
export async function answerReading(reading: ShapeReading): Promise<Answer> {
  const { shape, from, position, live } = reading
  const page = await readPage(shape, from)
  const isUpToDate = page.reachesEnd
  const isEmptyByNature = from.kind === 'now' || (live?.hasTimedOut && !page.hasMessages)
  return {
    status: 200,
    headers: {
      'cache-control': live
        ? CACHE_CONTROL.live
        : from.kind === 'start'
          ? CACHE_CONTROL.snapshot
          : CACHE_CONTROL.catchUp,
      'electric-handle': shape.handle,
      'electric-offset': formatOffset(page.next),
      'electric-has-data': isEmptyByNature ? 'false' : 'true',
      ...(isUpToDate && { 'electric-up-to-date': '' }),
      ...(live
        ? { 'electric-cursor': String(nextCursor(live.cursor)) }
        : { 'electric-schema': schemaHeader(shape.definition.columns) }),
      etag: etag(shape, from, page.next, isEmptyByNature ? `:${position}:${Date.now()}` : ''),
      ...JSON_TYPE,
    },
    ...jsonBody(page.messages, isUpToDate ? upToDate(reading, page) : undefined),
  }
}

/** A request whose etag is the one of the answer gets the headers without the body. */
export function withoutUnchangedBody(answer: Answer, ifNoneMatch: string | undefined): Answer {
  const { etag, ...headers } = answer.headers
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (answer.status !== 200 || !etag || !known?.includes(etag)) return answer
  const { 'electric-schema': _, ...kept } = headers
  return { status: 304, headers: { ...kept, etag } }
}

export function readPage(shape: Shape, from: RequestedOffset): Promise<LogPage> {
  switch (from.kind) {
    case 'start':
      return shape.log.readStart()
    case 'now':
      return shape.log.readEnd()
    case 'position':
      return shape.log.readAfter(from.offset)
  }
}

/** Clients drop changes at or below a position they have, so a live answer claims no more than it carries. */
export function upToDate({ live, position }: Pick<ShapeReading, 'live' | 'position'>, page: LogPage): string {
  const carriesChanges = live && page.hasMessages
  const seen = carriesChanges || position < page.next.lsn ? page.next.lsn : position
  return JSON.stringify({ headers: { control: 'up-to-date', global_last_seen_lsn: String(seen) } })
}

function etag(shape: Shape, from: RequestedOffset, to: LogOffset, unique: string): string {
  const start = from.kind === 'start' ? '-1' : from.kind === 'now' ? 'now' : formatOffset(from.offset)
  return `"${shape.handle}:${start}:${formatOffset(to)}${unique}"`
}
