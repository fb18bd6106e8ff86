import { type DeviceIdentity, ProblemError, parseDeviceAuthorization } from '@landfall/contract'
import { isDeviceProven, proveOrRegisterDevice, withTenant } from '@landfall/database'
import { databases } from './databases.ts'
import { tenantOfRequest } from './request-host.ts'

export interface Visitor {
  kind: 'visitor'
  tenantId: string
  clientId: string
}

/** The visitor's device that writes; the first key that a client id comes with is its key from then on. */
export function writingVisitor(request: Request): Promise<Visitor> {
  return provenVisitor(request, proveOrRegisterDevice)
}

/** The visitor's device that reads. One that never wrote has nothing to read, and proves nothing. */
export function readingVisitor(request: Request): Promise<Visitor> {
  return provenVisitor(request, isDeviceProven)
}

async function provenVisitor(request: Request, prove: typeof isDeviceProven): Promise<Visitor> {
  const tenantId = await tenantOfRequest(request)
  const device: DeviceIdentity | undefined = parseDeviceAuthorization(request.headers.get('authorization'))
  if (!device) throw new ProblemError('device_not_proven', 'Send Authorization: Device <clientId>.<key>.')
  const isProven = await withTenant(databases().app, tenantId, (tx) => prove(tx, tenantId, device))
  if (!isProven) throw new ProblemError('device_not_proven')
  return { kind: 'visitor', tenantId, clientId: device.clientId }
}
