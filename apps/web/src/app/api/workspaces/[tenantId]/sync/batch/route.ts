import { ingestMemberBatch } from '#/server/ingest-member-batch.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

export const POST = route<{ tenantId: string }>(async (request, { params, requestId }) =>
  Response.json(await ingestMemberBatch(request, params.tenantId, requestId)),
)

export const { GET, PUT, PATCH, DELETE } = refuseAllMethodsBut('POST')
