import { type DeviceIdentity, ProblemError, parseDeviceAuthorization } from '@landfall/contract'
import { isDeviceProven, proveOrRegisterDevice } from '@landfall/database'
import { databases } from './databases.ts'
import { provenDevices } from './proven-devices.ts'
import { tenantOfRequest } from './request-host.ts'

export interface Visitor {
  kind: 'visitor'
  tenantId: string
  clientId: string
}

/** Who a request says it comes from, at the tenant that its Host says. */
export interface ClaimedVisitor {
  visitor: Visitor
  device: DeviceIdentity
}

export async function claimedVisitor(request: Request): Promise<ClaimedVisitor> {
  const tenantId = await tenantOfRequest(request)
  const device = parseDeviceAuthorization(request.headers.get('authorization'))
  if (!device) throw new ProblemError('device_not_proven', 'Send Authorization: Device <clientId>.<key>.')
  return { visitor: { kind: 'visitor', tenantId, clientId: device.clientId }, device }
}

/** The visitor's device that writes; the first key that a client id comes with is its key from then on. */
export function proveWriting(claimed: ClaimedVisitor): Promise<Visitor> {
  return prove(claimed, proveOrRegisterDevice)
}

/** The visitor's device that reads. One that never wrote has nothing to read, and proves nothing. */
export async function readingVisitor(request: Request): Promise<Visitor> {
  return prove(await claimedVisitor(request), isDeviceProven)
}

async function prove({ visitor, device }: ClaimedVisitor, isProvenBy: typeof isDeviceProven): Promise<Visitor> {
  const { tenantId } = visitor
  const known = provenDevices()
  if (known.has(tenantId, device)) return visitor
  if (!(await isProvenBy(databases().app, tenantId, device))) throw new ProblemError('device_not_proven')
  known.add(tenantId, device)
  return visitor
}
