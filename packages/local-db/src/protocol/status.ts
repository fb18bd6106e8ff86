import type { FollowedShape } from '@landfall/contract'
import type { SubscriptionStatus } from '@landfall/shapes/client'

/** How a shape's stream stands: the state machine is that of `@landfall/shapes`. */
export type SyncState = SubscriptionStatus

export type LocalDbStatus =
  | { phase: 'opening' }
  | {
      phase: 'ready'
      sync: Partial<Record<FollowedShape, SyncState>>
      /** When each shape was last up to date, in milliseconds since 1970; absent when it was not since the opening. */
      syncedAtMs: Partial<Record<FollowedShape, number>>
      /** Last error of a shape that isn't up to date. For a log, not for a person. */
      problems: Partial<Record<FollowedShape, string>>
      /** Whether this opening threw an unusable database away and began from the seed. */
      isRebuilt: boolean
    }
  | { phase: 'failed'; message: string }
