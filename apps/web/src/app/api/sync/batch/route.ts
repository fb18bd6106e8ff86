import { ingestVisitorBatch } from '#/server/ingest-visitor-batch.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

export const POST = route(async (request, { requestId }) => Response.json(await ingestVisitorBatch(request, requestId)))

export const { GET, PUT, PATCH, DELETE } = refuseAllMethodsBut('POST')
