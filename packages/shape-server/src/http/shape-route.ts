import { namedColumns } from '../shapes/define-shape.ts'
import { InvalidRequestError } from '../shapes/definition-errors.ts'
import type { LogOffset } from '../shapes/offset.ts'
import type { Shape } from '../shapes/shape.ts'
import type { ShapeService } from '../shapes/shape-service.ts'
import { type Answer, mustRefetch } from './answer.ts'
import { answerWithEvents, type EventStreamTimes } from './event-stream.ts'
import { answerReading } from './read-shape.ts'
import type { ShapeRequest } from './shape-request.ts'
import { answerSubset } from './subset-route.ts'
import type { Waits } from './waits.ts'

export interface ShapeRouteOptions extends EventStreamTimes {
  service: ShapeService
  waits: Waits
  liveTimeoutMs: number
  /** How long an offset may lie beyond the log: another server of the same database may be ahead of this one. */
  outOfBoundsTimeoutMs: number
}

/**
 * Reads the log that a request means, from where it means. `signal` is aborted when nobody waits for the answer;
 * `onWaiting` is called when there is nothing to do but to wait for a change.
 */
export async function answerShapeRequest(
  options: ShapeRouteOptions,
  request: ShapeRequest,
  signal: AbortSignal,
  onWaiting: () => void,
): Promise<Answer> {
  const shape = await findShape(options.service, request)
  if (request.offset.kind === 'position' && request.handle !== shape.handle) return mustRefetch(shape.handle)
  if (request.offset.kind === 'position') await waitForBounds(options, shape, request.offset.offset, signal)
  if (request.subset) {
    try {
      return await answerSubset(options, shape, request.subset, request, signal)
    } catch (error) {
      // Its table has lost a column.
      if (shape.isRotated) return redirect(options.service, request)
      throw error
    }
  }
  const position = shape.reachedPosition(options.service.registry.position)
  if (request.mode === 'events' && request.offset.kind === 'position' && !shape.isRotated) {
    onWaiting()
    const { signal: end } = options.waits.start(signal)
    return answerWithEvents(shape, request.offset.offset, { ...options, position, cursor: request.cursor }, end)
  }
  const live = request.mode === 'live' ? await waitForNews(options, shape, request, signal, onWaiting) : undefined
  if (shape.isRotated) return redirect(options.service, request)
  try {
    return await answerReading({
      shape,
      from: request.offset,
      position: shape.reachedPosition(options.service.registry.position),
      live,
    })
  } catch (error) {
    // While the rest of its snapshot was awaited, or read.
    if (shape.isRotated) return redirect(options.service, request)
    throw error
  }
}

/** The shape of this definition, with its snapshot complete unless the handle is another's anyway. */
async function findShape(service: ShapeService, request: ShapeRequest): Promise<Shape> {
  for (;;) {
    const { shape, ready } = await service.resolve(request.definition)
    if (request.queryableColumns) {
      namedColumns(shape.definition.table, 'queryable_columns', request.queryableColumns)
    }
    if (request.offset.kind === 'position' && request.handle !== shape.handle) return shape
    await ready
    // A shape that was rotated while it was made has a successor.
    if (!shape.isRotated) return shape
  }
}

/** Sends a client whose shape was rotated to the successor, if the definition still holds. */
async function redirect(service: ShapeService, request: ShapeRequest): Promise<Answer> {
  const { shape } = await service.resolve(request.definition)
  return mustRefetch(shape.handle)
}

async function waitForNews(
  { waits, liveTimeoutMs }: ShapeRouteOptions,
  shape: Shape,
  request: ShapeRequest,
  signal: AbortSignal,
  onWaiting: () => void,
): Promise<{ cursor: string | undefined; hasTimedOut: boolean }> {
  if (request.offset.kind !== 'position') return { cursor: request.cursor, hasTimedOut: false }
  onWaiting()
  const wait = waits.start(signal, liveTimeoutMs)
  await shape.waitForChange(request.offset.offset, wait.signal)
  wait.end()
  return { cursor: request.cursor, hasTimedOut: wait.signal.aborted }
}

async function waitForBounds(
  { service, waits, outOfBoundsTimeoutMs }: ShapeRouteOptions,
  shape: Shape,
  offset: LogOffset,
  signal: AbortSignal,
): Promise<void> {
  // Event streams are resumed from a position at which this shape may have no change.
  const isBeyond = () => offset.lsn > shape.log.end.lsn && offset.lsn > service.registry.position
  if (!isBeyond()) return
  const wait = waits.start(signal, outOfBoundsTimeoutMs)
  while (isBeyond() && !wait.signal.aborted && !shape.isRotated) await shape.waitForChange(offset, wait.signal)
  wait.end()
  if (isBeyond() && !shape.isRotated) throw new InvalidRequestError({ offset: ['out of bounds for this shape'] })
}
