import { chainHash } from '../schema/chain/chain-hash.ts'
import type { Migration, RewriteSpec } from '../schema/chain/migration.ts'

export type MigrationDraft =
  | { kind: 'additive'; sql: string }
  | { kind: 'reset'; sql: string; operations?: RewriteSpec }

/** A chain of these, behind the ones that are there; named by their place. */
export async function makeChain(
  drafts: readonly MigrationDraft[],
  before: readonly Migration[] = [],
): Promise<Migration[]> {
  const chain = [...before]
  for (const draft of drafts) {
    const name = `${String(chain.length + 1).padStart(4, '0')}_test`
    const migration = draft.kind === 'reset' ? { ...draft, operations: draft.operations ?? {} } : draft
    chain.push({ ...migration, name, hash: await chainHash(chain.at(-1)?.hash ?? '', migration) })
  }
  return chain
}
