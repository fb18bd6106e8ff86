import { InvalidRequestError } from '../shapes/definition-errors.ts'
import type { Shape } from '../shapes/shape.ts'
import type { ShapeService } from '../shapes/shape-service.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import type { Parameters } from './query.ts'
import { parseShapeRequest } from './shape-request.ts'

/** Rotates a shape, named by its handle or by its definition. For tests: off unless it was switched on. */
export async function deleteShape(
  { service, allowShapeDeletion }: { service: ShapeService; allowShapeDeletion: boolean },
  parameters: Parameters,
): Promise<Answer> {
  if (!allowShapeDeletion) {
    return { status: 405, headers: JSON_TYPE, body: JSON.stringify({ message: 'DELETE not allowed' }) }
  }
  const shape = await namedShape(service, parameters)
  if (!shape) return { status: 404, headers: JSON_TYPE, body: JSON.stringify({ message: 'No existing shape found' }) }
  shape.rotate('deleted')
  return {
    status: 202,
    headers: { 'cache-control': CACHE_CONTROL.uncached, 'electric-has-data': 'true', ...JSON_TYPE },
  }
}

async function namedShape(service: ShapeService, parameters: Parameters): Promise<Shape | undefined> {
  if (!parameters.table) {
    if (parameters.handle) return service.registry.findByHandle(parameters.handle)
    throw new InvalidRequestError({ handle: ["can't be blank when shape definition is missing"] })
  }
  const { handle, ...definition } = parameters
  const shape = await service.find(parseShapeRequest({ ...definition, offset: '-1', live: 'false' }).definition)
  return handle && shape?.handle !== handle ? undefined : shape
}
