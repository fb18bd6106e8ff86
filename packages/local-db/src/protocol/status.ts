import type { FollowedShape } from '@landfall/contract'

/**
 * How a shape's stream stands.
 *
 * connecting ─► up-to-date ◄─► reconnecting     (network, 5xx, 429, a refetch)
 *      └──────────┴─────► unauthorized          (401, 403: waits for new headers)
 *                 └─────► failed                (any other refusal, or rows that can't be stored: tried again later)
 */
export type SyncState = 'connecting' | 'up-to-date' | 'reconnecting' | 'unauthorized' | 'failed'

export type LocalDbStatus =
  | { phase: 'opening' }
  | {
      phase: 'ready'
      sync: Partial<Record<FollowedShape, SyncState>>
      /** Last error of a shape that isn't up to date. For a log, not for a person. */
      problems: Partial<Record<FollowedShape, string>>
      /** Whether this opening threw an unusable database away and began from the seed. */
      isRebuilt: boolean
    }
  | { phase: 'failed'; message: string }
