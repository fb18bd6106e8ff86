import { schemaHeader } from '../catalog/schema-header.ts'
import { namedColumns } from '../shapes/define-shape.ts'
import { formatOffset } from '../shapes/offset.ts'
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
): Promise<Answer> {
  const { definition } = shape
  const queryable = request.queryableColumns
    ? namedColumns(definition.table, 'queryable_columns', request.queryableColumns)
    : definition.columns
  // Taken before the rows are read: the log from here on has every change that they lack.
  const end = request.offset.kind === 'start' ? '0_0' : formatOffset(shape.log.end)
  const body = await service.readSubset(definition, subset, queryable)
  return {
    status: 200,
    headers: {
      'cache-control': CACHE_CONTROL.uncached,
      'electric-snapshot': 'true',
      'electric-handle': shape.handle,
      'electric-offset': end,
      'electric-schema': schemaHeader(definition.columns),
      ...JSON_TYPE,
    },
    body,
  }
}
