import { readBatch } from '@landfall/ingest'
import { ingest } from '#/server/ingest.ts'
import { memberOfRequest } from '#/server/member-of-request.ts'
import { route } from '#/server/route.ts'

export const POST = route<{ tenantId: string }>(async (request, { params, requestId }) => {
  const member = await memberOfRequest(request, params.tenantId)
  const batch = await readBatch(request)
  return Response.json(await ingest(request, member, batch, requestId))
})
