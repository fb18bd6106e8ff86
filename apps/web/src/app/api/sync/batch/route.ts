import { readBatch } from '@landfall/ingest'
import { ingest } from '#/server/ingest.ts'
import { route } from '#/server/route.ts'
import { writingVisitor } from '#/server/visitor-of-request.ts'

export const POST = route(async (request, { requestId }) => {
  const visitor = await writingVisitor(request)
  const batch = await readBatch(request)
  return Response.json(await ingest(request, visitor, batch, requestId))
})
