import type { Migration } from './migration.ts'

/**
 * The build's own chain as its worker carries it. SQL stands there only for additive migrations after the last reset: what
 * came before leads nowhere but to the seed image.
 */
export type OwnMigration =
  | { name: string; hash: string; kind: 'additive'; sql: string }
  | { name: string; hash: string; kind: 'additive' | 'reset' }

export function ownChain(chain: readonly Migration[]): OwnMigration[] {
  const lastReset = chain.findLastIndex(({ kind }) => kind === 'reset')
  return chain.map(({ name, hash, kind, sql }, place) =>
    place > lastReset && kind === 'additive' ? { name, hash, kind, sql } : { name, hash, kind },
  )
}
