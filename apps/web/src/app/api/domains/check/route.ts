import { checkDomain } from '#/server/certificates/check-domain.ts'
import { refuseAllMethodsBut, route } from '#/server/route.ts'

/** Whether the proxy in front may get a certificate for a host: docs/DEPLOYMENT.md. */
export const GET = route((request) => checkDomain(request))

export const { POST, PUT, PATCH, DELETE } = refuseAllMethodsBut('GET')
