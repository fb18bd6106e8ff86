import type { PGliteInterface } from '@electric-sql/pglite'
import type { Migration } from '../../schema/chain/migration.ts'
import { recordMigrations } from '../../schema/chain/stored-schema.ts'

/** Makes the schema of a chain in an empty database: a reset is a whole schema, so nothing before the last one is run. */
export async function buildSchema(pg: PGliteInterface, chain: readonly Migration[]): Promise<void> {
  const from = chain.findLastIndex(({ kind }) => kind === 'reset')
  for (const { name, sql } of chain.slice(Math.max(from, 0))) {
    await pg.exec(sql).catch((cause: unknown) => {
      throw new Error(`The migration ${name} fails: ${cause instanceof Error ? cause.message : cause}`, { cause })
    })
  }
  if (chain.length > 0) await recordMigrations(pg, chain)
}
