import { proxyShape } from '@landfall/shapes/server'
import { env } from '#/env.ts'
import { memberOfRequest } from '#/server/member-of-request.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'
import { stopping } from '#/server/stopping.ts'

export const GET = route<{ tenantId: string; name: string }>(async (request, { params }) => {
  const reader = await memberOfRequest(request, params.tenantId)
  const { ELECTRIC_URL: electricUrl, ELECTRIC_SECRET: electricSecret } = env()
  return proxyShape({ request, name: params.name, reader, electricUrl, electricSecret, stopping: stopping() })
})

export const { POST, PUT, PATCH, DELETE } = refuseAllMethodsBut('GET')
