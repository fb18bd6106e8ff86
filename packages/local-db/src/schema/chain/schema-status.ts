/**
 * How the database's schema stands to that of the build that has it open:
 *
 * - `current`: the same, and was so when it was opened
 * - `migrated`: the same since this opening
 * - `ahead`: newer by additive migrations, known to the server; the build works with it
 * - `unverified`: not known to the build, and the server could not be asked. Reads show what the device has, writes wait
 *   in the outbox, and the server is asked again
 */
export type SchemaState = 'current' | 'migrated' | 'ahead' | 'unverified'

export interface SchemaStatus {
  /** Head of the chain that the database is at. */
  hash: string
  state: SchemaState
  /** The server is past a reset that this build does not know: a reload brings the build that does. */
  isOutdated: boolean
  /** Why the server could not be asked, or its answer not used. For a log, not for a person. */
  problem: string | null
}

export type SchemaResetReason =
  /** The build's schema is past a reset. */
  | 'destructive'
  /** The database is past a reset that the build does not know: an older build on a newer database. */
  | 'newer'
  /** Neither the build nor the server knows the database's schema. */
  | 'unknown'
  /** There is no record of the schema, or a migration of our own failed. */
  | 'damaged'

/** What an opening finds. `detail` is for a log. */
export type SchemaOutcome =
  | { kind: 'ready'; schema: SchemaStatus }
  | { kind: 'reset'; reason: SchemaResetReason; detail: string }
