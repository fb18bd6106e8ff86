import { type DeviceIdentity, deviceAuthorization, type FollowedShape } from '@landfall/contract'

/** Where the local database finds a shape, and how it proves who asks. */
export interface ShapeSubscription {
  name: FollowedShape
  /** Absolute, because a worker resolves relative addresses against its own. */
  url: string
  headers: Record<string, string>
}

/** What a visitor's device follows: the receipts of its own leads. */
export function visitorShapes(origin: string, device: DeviceIdentity): ShapeSubscription[] {
  return [
    { name: 'receipts', url: `${origin}/api/shapes/receipts`, headers: { authorization: deviceAuthorization(device) } },
  ]
}

/** What a member follows, proven by the session cookie. */
export function memberShapes(origin: string, tenantId: string): ShapeSubscription[] {
  return [{ name: 'leads', url: `${origin}/api/workspaces/${tenantId}/shapes/leads`, headers: {} }]
}
