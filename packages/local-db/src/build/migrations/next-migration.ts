import { CHAIN_ROOT, chainHash } from '../../schema/chain/chain-hash.ts'
import type { Migration, RewriteSpec } from '../../schema/chain/migration.ts'
import { compareCatalogs } from './compare-catalogs.ts'
import { catalogOfChain, catalogOfSchema } from './schema-catalogs.ts'

export interface NextMigration {
  chain: Migration[]
  /** What was added; null: the chain leads to the schema already. */
  added: Migration | null
  /** Why it had to be a reset. */
  reasons: string[]
}

export interface NextMigrationOptions {
  /** Words of its name behind the number. */
  words: string
  /** For a reset: how it rewrites operations that were never sent. */
  operations?: RewriteSpec
}

/** Continues a chain to a schema: by an additive migration where one can, by a reset where not. */
export async function nextMigration(
  chain: readonly Migration[],
  schemaSql: string,
  { words, operations = {} }: NextMigrationOptions,
): Promise<NextMigration> {
  const wanted = await catalogOfSchema(schemaSql)
  const { additive, destructive } =
    chain.length === 0
      ? { additive: [], destructive: ['the chain begins'] }
      : compareCatalogs(await catalogOfChain(chain), wanted)
  if (additive.length === 0 && destructive.length === 0) return { chain: [...chain], added: null, reasons: [] }

  const name = `${String(chain.length + 1).padStart(4, '0')}_${words}`
  const previous = chain.at(-1)?.hash ?? CHAIN_ROOT
  const draft =
    destructive.length > 0
      ? { kind: 'reset' as const, operations, sql: schemaSql }
      : { kind: 'additive' as const, sql: `${additive.join('\n\n')}\n` }
  const added: Migration = { name, ...draft, hash: await chainHash(previous, draft) }
  const next = [...chain, added]
  await assertLeadsToSchema(next, schemaSql)
  return { chain: next, added, reasons: destructive }
}

/** The chain gives another schema than the one generated from the model. */
export class ChainDiffersError extends Error {
  override name = 'ChainDiffersError'
  constructor(differences: string[]) {
    super(
      `The local migrations do not lead to the generated schema. Run \`pnpm db:generate\` and commit what it writes.\n\n${differences.join('\n')}`,
    )
  }
}

/** @throws ChainDiffersError naming what differs */
export async function assertLeadsToSchema(chain: readonly Migration[], schemaSql: string): Promise<void> {
  const { additive, destructive } = compareCatalogs(await catalogOfChain(chain), await catalogOfSchema(schemaSql))
  const differences = [...destructive, ...additive.map((sql) => sql.split('\n')[0] ?? sql)]
  if (differences.length > 0) throw new ChainDiffersError(differences)
}
