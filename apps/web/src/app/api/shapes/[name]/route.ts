import { proxyShape } from '@landfall/shapes/server'
import { env } from '#/env.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'
import { stopping } from '#/server/stopping.ts'
import { readingVisitor } from '#/server/visitor-of-request.ts'

export const GET = route<{ name: string }>(async (request, { params }) => {
  const reader = await readingVisitor(request)
  const { ELECTRIC_URL: electricUrl, ELECTRIC_SECRET: electricSecret } = env()
  return proxyShape({ request, name: params.name, reader, electricUrl, electricSecret, stopping: stopping() })
})

export const { POST, PUT, PATCH, DELETE } = refuseAllMethodsBut('GET')
