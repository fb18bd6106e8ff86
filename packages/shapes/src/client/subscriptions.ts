import { type DeviceIdentity, deviceAuthorization, type FollowedShape, type MemberShape } from '@landfall/contract'

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

/** What the dashboard shows, and nothing else: history and titles of forms are read by nothing yet. Leads come first. */
const FOLLOWED_BY_MEMBERS = ['leads', 'notes', 'members', 'form_versions'] as const satisfies MemberShape[]

/** What a member follows, proven by the session cookie. */
export function memberShapes(origin: string, tenantId: string): ShapeSubscription[] {
  const urlOf = (name: MemberShape) => `${origin}/api/workspaces/${tenantId}/shapes/${name}`
  return FOLLOWED_BY_MEMBERS.map((name) => ({ name, url: urlOf(name), headers: {} }))
}
