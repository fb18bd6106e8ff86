import * as z from 'zod'

export const migrationHash = z.string().regex(/^[0-9a-f]{64}$/)

const fieldName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/)
const entityName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)

/** What becomes of an entity's operations that were never sent. Fields are the keys of the payload. */
const entityRewrite = z.union([
  /** The entity is gone: its operations become dead letters. */
  z.literal('dropped'),
  z.strictObject({
    /** Old name → new name. */
    rename: z.record(fieldName, fieldName).optional(),
    /** Fields whose values nobody wants any more. An edit of nothing else becomes a dead letter. */
    drop: z.array(fieldName).optional(),
    /** What an insert has in a field that is required from now on, where it has none. */
    default: z.record(fieldName, z.json()).optional(),
  }),
])

/** By entity, as operations name it. An entity that isn't named stays as it is. */
export const rewriteSpec = z.record(entityName, entityRewrite)
export type RewriteSpec = z.output<typeof rewriteSpec>
export type EntityRewrite = z.output<typeof entityRewrite>

const migrationBase = {
  name: z.string().regex(/^\d{4}_[a-z0-9_]{1,60}$/, 'four digits, an underscore, then a-z, 0-9 and _'),
  hash: migrationHash,
}

/**
 * `additive`: runs on a database in use, in one transaction, and leaves everything there that an older build reads.
 *
 * `reset`: its SQL is the whole schema, and runs on an empty database only. Nothing is carried over but operations that
 * were never sent, rewritten by `operations`. A chain begins with one.
 */
export const migrationEntry = z.discriminatedUnion('kind', [
  z.strictObject({ ...migrationBase, kind: z.literal('additive') }),
  z.strictObject({ ...migrationBase, kind: z.literal('reset'), operations: rewriteSpec }),
])
export type MigrationEntry = z.output<typeof migrationEntry>
export type Migration = MigrationEntry & { sql: string }
export type MigrationKind = MigrationEntry['kind']

/** `chain.json`: every migration that a device may have, oldest first. */
export const chainFile = z
  .array(migrationEntry)
  .min(1)
  .refine((entries) => entries[0]?.kind === 'reset', 'the first migration must be a reset: it makes the schema')
  .refine((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, 'a name stands twice')
