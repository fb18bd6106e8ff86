import { schemaHeader } from '../catalog/schema-header.ts'
import { namedColumns } from '../shapes/define-shape.ts'
import { formatOffset, type RequestedOffset } from '../shapes/offset.ts'
import type { Shape } from '../shapes/shape.ts'
import type { ShapeService } from '../shapes/shape-service.ts'
import { type Answer, JSON_TYPE } from './answer.ts'
import { CACHE_CONTROL } from './cache-control.ts'
import type { ShapeRequest } from './shape-request.ts'
import type { SubsetRequest } from './subset-request.ts'

export async function answerSubset(
  { service }: { service: ShapeService },
  shape: Shape,
  subset: SubsetRequest,
  request: ShapeRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { definition } = shape
  const queryable = request.queryableColumns
    ? namedColumns(definition.table, 'queryable_columns', request.queryableColumns)
    : definition.columns
  // Taken before the rows are read: the log from here on has every change that they lack.
  const resumeAt = resumeOffset(shape, request.offset)
  const { text, size } = await service.readSubset({ definition, parameters: subset, queryable, signal })
  return {
    status: 200,
    headers: {
      'cache-control': CACHE_CONTROL.uncached,
      'electric-snapshot': 'true',
      'electric-handle': shape.handle,
      'electric-offset': resumeAt,
      'electric-schema': schemaHeader(definition.columns),
      ...JSON_TYPE,
      'content-length': String(size),
    },
    ...(Buffer.isBuffer(text) ? { body: text } : { pieces: text }),
  }
}

/**
 * Clients go on from the offset of a subset, whatever they had read before. Changes that they have not read yet may be
 * of rows outside of the subset, so they get the offset that they came with; only where nothing follows it is the end.
 */
function resumeOffset({ log }: Shape, offset: RequestedOffset): string {
  switch (offset.kind) {
    case 'start':
      return '0_0'
    case 'now':
      return formatOffset(log.end)
    case 'position':
      return formatOffset(log.hasChangesAfter(offset.offset) ? offset.offset : log.end)
  }
}
