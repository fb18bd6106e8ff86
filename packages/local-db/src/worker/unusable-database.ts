import type { RebuildReason } from '../protocol/rebuild.ts'
import type { WrittenRow } from '../schema/chain/carry-written.ts'

/** A stored database that must be set aside. */
export class UnusableDatabaseError extends Error {
  override name = 'UnusableDatabaseError'
  readonly reason: RebuildReason
  /** What can be carried into the one that takes its place. */
  readonly written: readonly WrittenRow[]

  constructor(reason: RebuildReason, detail: string, options: ErrorOptions & { written?: readonly WrittenRow[] } = {}) {
    super(detail, options)
    this.reason = reason
    this.written = options.written ?? []
  }
}
