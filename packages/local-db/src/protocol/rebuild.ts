/**
 * Why a stored database was set aside and made anew:
 *
 * - `damaged`: it does not open, can't be read, or its engine broke on it
 * - `hung`: it did not open in time
 * - `other-engine`: another version of PGlite or Postgres wrote it
 * - `other-owner`: it stands under this owner's name and holds another's data
 * - `other-schema`: it can't be brought to a schema that this build works with
 */
export type RebuildReason = 'damaged' | 'hung' | 'other-engine' | 'other-owner' | 'other-schema'

export interface Rebuild {
  reason: RebuildReason
  /** For a log, not for a person. */
  detail: string
  atMs: number
}
