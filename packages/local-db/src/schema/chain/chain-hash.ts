import type { Migration } from './migration.ts'

/** What stands in the place of the hash before the first migration. */
export const CHAIN_ROOT = ''

/** A migration without its hash, to be given one. */
export type UnhashedMigration = Pick<Migration, 'kind' | 'sql'> & { operations?: unknown }

/**
 * SHA-256 in hex over the hash before, the kind, how operations are rewritten (`null` for an additive one) and the SQL. So
 * a hash names a whole history: who has the same one has the same schema.
 */
export async function chainHash(previous: string, migration: UnhashedMigration): Promise<string> {
  const parts = [previous, migration.kind, canonicalJson(migration.operations ?? null), migration.sql]
  // The lengths keep ('ab','c') and ('a','bc') apart.
  const text = parts.map((part) => `${part.length}:${part}`).join('')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** One text for one value, in whatever order its keys were written. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

/** A migration's hash does not follow from the one before it. */
export class ChainHashError extends Error {
  override name = 'ChainHashError'
  constructor(migration: string, expected: string, found: string) {
    super(`${migration} has the hash ${found}, but its content gives ${expected}: it was changed after it was written.`)
  }
}

/** @throws ChainHashError at the first migration that doesn't follow from `from` and those before it */
export async function verifyHashes(from: string, migrations: readonly Migration[]): Promise<void> {
  let previous = from
  for (const migration of migrations) {
    const expected = await chainHash(previous, migration)
    if (expected !== migration.hash) throw new ChainHashError(migration.name, expected, migration.hash)
    previous = migration.hash
  }
}
