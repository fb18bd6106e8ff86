import { memberOfRequest } from '#/server/member-of-request.ts'
import { shapeRoute } from '#/server/shape-route.ts'

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = shapeRoute<{ tenantId: string; name: string }>(
  'member',
  (request, { tenantId }) => memberOfRequest(request, tenantId),
)
