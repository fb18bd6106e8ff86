import type { PGliteInterface, Transaction } from '@electric-sql/pglite'
import type { MigrationEntry, MigrationKind } from './migration.ts'

/** A migration that a database has been through. */
export interface AppliedMigration {
  name: string
  hash: string
  kind: MigrationKind
}

/** What the database records of its own schema, oldest first. Throws where there is no such record. */
export async function readAppliedMigrations(pg: PGliteInterface | Transaction): Promise<AppliedMigration[]> {
  const { rows } = await pg.query<AppliedMigration>('SELECT name, hash, kind FROM landfall_schema ORDER BY place')
  return rows
}

/** Records migrations behind those that are there. */
export async function recordMigrations(
  pg: PGliteInterface | Transaction,
  migrations: readonly Pick<MigrationEntry, 'name' | 'hash' | 'kind'>[],
): Promise<void> {
  for (const { name, hash, kind } of migrations) {
    await pg.query(
      `INSERT INTO landfall_schema (place, name, hash, kind, applied_at)
       SELECT coalesce(max(place), 0) + 1, $1, $2, $3, now() FROM landfall_schema`,
      [name, hash, kind],
    )
  }
}

/** Reads of every view and table, so that one that can't be answered shows now and not in a component. */
export async function readEveryRelation(pg: PGliteInterface | Transaction): Promise<void> {
  const { rows } = await pg.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY oid`,
  )
  for (const { name } of rows) await pg.query(`SELECT * FROM ${name} LIMIT 1`)
}
