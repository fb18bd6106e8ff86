import { auth } from '#/server/auth.ts'
import { requireDashboardHost } from '#/server/request-host.ts'
import { route } from '#/server/route.ts'

const handler = route<{ all: string[] }>(async (request) => {
  requireDashboardHost(request)
  return auth().handler(request)
})

export { handler as GET, handler as POST }
