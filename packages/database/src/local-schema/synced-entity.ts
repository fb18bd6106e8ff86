import type { PgTable } from 'drizzle-orm/pg-core'

/** How a write answers where its caller says nothing: once it is on disk, or once the server applied it. */
export type WriteMode = 'optimistic' | 'confirmed'

/**
 * What a device keeps of a table of the model. Columns are named as in the database. The columns that it gets are those
 * of the shape; every other column of the model must stand in `excluded`, so that a new one is decided on.
 */
export interface SyncedEntity {
  model: PgTable
  /** Its name in SHAPE_COLUMNS of the contract. */
  shape: string
  /** What components read; null where hand-written views read `<shape>_synced` themselves. */
  view: string | null
  /** Name of the type of a row in the generated TypeScript. */
  rowType: string
  /** Columns of the model that no device gets. */
  excluded: readonly string[]
  /** TypeScript types of JSON columns, by column. Names are of `@landfall/contract`. */
  jsonTypes?: Readonly<Record<string, string>>
  /** SQL shown where the server sent nothing, by column. For columns that are younger than some server. */
  shownWhenAbsent?: Readonly<Record<string, string>>
  /** Columns of each index on the server's rows: what lists are ordered by and filtered by. Each costs in a first sync. */
  indexes?: readonly (readonly string[])[]
  /** Absent where members only read. */
  writes?: EntityWrites
}

export interface EntityWrites {
  /** `entity` of the operations. */
  entity: string
  /** Columns that an INSERT gives beside the id; none: there is no INSERT. */
  insertable: readonly string[]
  /** Columns that an UPDATE may change; none: there is no UPDATE. */
  mutable: readonly string[]
  isDeletable: boolean
  /** Mutable JSON objects of which only changed keys are sent; a key that goes is sent as `''`. */
  mergedByKey?: readonly string[]
  /** SQL over the synced row, called `synced`: where it holds, nothing may be changed and pending edits are not shown. */
  frozenWhen?: string
  /**
   * SQL of columns of a row that the server doesn't have yet, over its row of `<shape>_local`, called `local`.
   * `local.captured_at` is when it was written. Columns that stand neither here nor in `insertable` are null.
   */
  shownWhenNew?: Readonly<Record<string, string>>
  defaultMode: WriteMode
}
