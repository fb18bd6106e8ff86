import { shapeRoute } from '#/server/shape-route.ts'
import { readingVisitor } from '#/server/visitor-of-request.ts'

export const { GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE } = shapeRoute<{ name: string }>('visitor', (request) =>
  readingVisitor(request),
)
