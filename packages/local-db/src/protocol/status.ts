import type { FollowedShape } from '@landfall/contract'
import type { SubscriptionStatus } from '@landfall/shapes/client'
import type { SchemaStatus } from '../schema/chain/schema-status.ts'
import type { Rebuild } from './rebuild.ts'
import type { SyncProgress } from './sync-progress.ts'

/** How a shape's stream stands: the state machine is that of `@landfall/shapes`. */
export type SyncState = SubscriptionStatus

export type LocalDbStatus =
  | { phase: 'opening' }
  | {
      phase: 'ready'
      sync: Partial<Record<FollowedShape, SyncState>>
      /** When each shape was last up to date, in milliseconds since 1970; absent when it was not since the opening. */
      syncedAtMs: Partial<Record<FollowedShape, number>>
      /** How far the first sync of each shape has come; absent when it is over. The rows are in the views already. */
      progress: Partial<Record<FollowedShape, SyncProgress>>
      /** Last error of a shape that isn't up to date. For a log, not for a person. */
      problems: Partial<Record<FollowedShape, string>>
      /** Set when this opening found the stored database unusable, set it aside and began from the seed. */
      rebuilt: Rebuild | null
      schema: SchemaStatus
      /** `full`: the browser gives no more room. What was stored before stays, reads go on, writes are refused. */
      storage: 'ok' | 'full'
    }
  | { phase: 'failed'; message: string }
