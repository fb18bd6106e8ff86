import { auth } from '#/server/auth.ts'
import { withCallerAddress } from '#/server/caller-address.ts'
import { requireDashboardHost } from '#/server/request-host.ts'
import { route } from '#/server/route.ts'

const handler = route<{ all: string[] }>(async (request) => {
  requireDashboardHost(request)
  return auth().handler(withCallerAddress(request))
})

export { handler as GET, handler as POST }
